import { AnswerError } from './server';

/** One page of an answer. */
export interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
}

/** What is there of an answer, and where it goes on. */
export interface PageState<Node, First> {
  /** Of the query. */
  readonly key: string;
  /** Of the data, as it was when the nodes were loaded. */
  readonly version: number;
  readonly nodes: readonly Node[];
  readonly first: First | null;
  readonly cursor: string | null;
  readonly isLoading: boolean;
  readonly hasMore: boolean;
  readonly message: string | null;
  readonly isUnreachable: boolean;
}

/** How an answer is asked for. */
export interface Question<Node, First> {
  /**
   * @param after the cursor behind which the page begins; null for the first page
   * @param wanted how many nodes would be of use, where that is known: a page may have as many
   */
  readonly load: (after: string | null, signal: AbortSignal, wanted?: number) => Promise<First>;
  /** Tells nodes apart. */
  readonly idOf: (node: Node) => string;
}

/** The page behind what is there. Where the server does not know the place any more, the answer begins anew behind it. */
export async function loadNext<Node, First extends Page<Node>>(
  before: PageState<Node, First>,
  { load, idOf }: Question<Node, First>,
  signal: AbortSignal,
): Promise<PageState<Node, First>> {
  try {
    return append(before, await load(before.cursor, signal), idOf);
  } catch (error) {
    const isUnknownPlace = error instanceof AnswerError && error.code === 'BAD_USER_INPUT' && before.cursor !== null;
    if (!isUnknownPlace) throw error;
  }
  let next = append(before, await load(null, signal), idOf);
  while (next.nodes.length === before.nodes.length && next.hasMore) {
    next = append(next, await load(next.cursor, signal), idOf);
  }
  return next;
}

/** As much as is there, asked for anew from the beginning. */
export async function loadAgain<Node, First extends Page<Node>>(
  before: PageState<Node, First>,
  { load, idOf }: Question<Node, First>,
  signal: AbortSignal,
): Promise<PageState<Node, First>> {
  let next: PageState<Node, First> = { ...before, nodes: [], first: null, cursor: null, hasMore: true };
  do {
    const wanted = before.nodes.length - next.nodes.length;
    next = append(next, await load(next.cursor, signal, wanted), idOf);
  } while (next.hasMore && next.nodes.length < before.nodes.length);
  return next;
}

function append<Node, First extends Page<Node>>(
  before: PageState<Node, First>,
  page: First,
  idOf: (node: Node) => string,
): PageState<Node, First> {
  const shown = new Set(before.nodes.map(idOf));
  return {
    ...before,
    nodes: [...before.nodes, ...page.nodes.filter((node) => !shown.has(idOf(node)))],
    first: before.first ?? page,
    cursor: page.pageInfo.endCursor ?? null,
    hasMore: page.pageInfo.hasNextPage,
  };
}

/** Changes of nodes by their ids; null for one that is gone. */
export type NodeEdits<Node> = ReadonlyMap<string, Node | null>;

export function applyEdits<Node, First>(
  state: PageState<Node, First>,
  edits: NodeEdits<Node>,
  idOf: (node: Node) => string,
): PageState<Node, First> {
  if (edits.size === 0) return state;
  const nodes = state.nodes.flatMap((node) => {
    const edited = edits.get(idOf(node));
    return edited === undefined ? [node] : edited === null ? [] : [edited];
  });
  return { ...state, nodes };
}
