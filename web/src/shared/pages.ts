import { useEffect, useRef, useState } from 'preact/hooks';
import { text } from '../text';
import { currentEntry } from './history-entry';
import { AnswerError, isUnreachable, messageOf } from './server';

interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
}

export interface Pages<Node, First> {
  readonly nodes: readonly Node[];
  /** The first page, with what is said of the whole answer. */
  readonly first: First | null;
  readonly isLoading: boolean;
  readonly hasMore: boolean;
  readonly message: string | null;
  /** Whether the server did not answer at all: then asking again later helps. */
  readonly isUnreachable: boolean;
  /** Loads the next page, unless one is on its way or failed. */
  readonly more: () => void;
  /** Asks again for the page that failed. */
  readonly retry: () => void;
  /** Gives up the page that is on its way. */
  readonly stop: () => void;
}

interface State<Node, First> {
  readonly key: string;
  readonly nodes: readonly Node[];
  readonly first: First | null;
  readonly cursor: string | null;
  readonly isLoading: boolean;
  readonly hasMore: boolean;
  readonly message: string | null;
  readonly isUnreachable: boolean;
}

type Load<First> = (after: string | null, signal: AbortSignal) => Promise<First>;

/** Answers by the entry of the history and their keys, the latest last: who goes back finds all pages that were there. */
const kept = new Map<string, State<unknown, unknown>>();
const maxKept = 10;

interface PagesOptions<Node, First> {
  /** Of the query: another one starts anew; null loads nothing. */
  readonly key: string | null;
  readonly load: Load<First>;
  /** Tells items apart where an answer has to begin anew. */
  readonly idOf: (node: Node) => string;
  /** Whether who comes back finds what was there, without asking again. */
  readonly isKept?: boolean;
}

/** Pages of one query, one behind the other. */
export function usePages<Node, First extends Page<Node>>({
  key: ownKey,
  load,
  idOf,
  isKept = true,
}: PagesOptions<Node, First>): Pages<Node, First> {
  const key = ownKey === null ? null : `${currentEntry()} ${ownKey}`;
  const empty: State<Node, First> = {
    key: key ?? '',
    nodes: [],
    first: null,
    cursor: null,
    isLoading: key !== null,
    hasMore: false,
    message: null,
    isUnreachable: false,
  };
  const known = (isKept ? kept.get(key ?? '') : undefined) as State<Node, First> | undefined;
  const [state, setState] = useState(known ?? empty);
  const now = state.key === (key ?? '') ? state : (known ?? empty);
  const abort = useRef<AbortController | null>(null);

  const show = (next: State<Node, First>): void => {
    setState(next);
    if (!isKept || next.isLoading || next.message !== null) return;
    kept.delete(next.key);
    kept.set(next.key, next);
    const [oldest] = kept.keys();
    if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
  };

  const fetchPage = (before: State<Node, First>): void => {
    abort.current?.abort();
    const running = new AbortController();
    abort.current = running;
    show({ ...before, isLoading: true, message: null, isUnreachable: false });
    nextPage(before, load, idOf, running.signal).then(
      (next) => {
        if (!running.signal.aborted) show({ ...next, isLoading: false, message: null, isUnreachable: false });
      },
      (error: unknown) => {
        if (running.signal.aborted) return;
        show({ ...before, isLoading: false, message: messageOf(error), isUnreachable: isUnreachable(error) });
      },
    );
  };
  const retry = (): void => {
    if (now.message !== null) fetchPage(now);
  };

  useEffect(() => {
    if (known !== undefined) setState(known);
    else if (key !== null) fetchPage(empty);
    return () => abort.current?.abort();
  }, [key]);

  return {
    ...now,
    more: () => {
      if (!now.isLoading && now.hasMore && now.message === null) fetchPage(now);
    },
    retry,
    stop: () => {
      abort.current?.abort();
      if (now.isLoading) show({ ...now, isLoading: false, message: text.app.stopped, isUnreachable: false });
    },
  };
}

/** The page behind what is there. Where the server does not know the place any more, the answer begins anew behind it. */
async function nextPage<Node, First extends Page<Node>>(
  before: State<Node, First>,
  load: Load<First>,
  idOf: (node: Node) => string,
  signal: AbortSignal,
): Promise<State<Node, First>> {
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

function append<Node, First extends Page<Node>>(
  before: State<Node, First>,
  page: First,
  idOf: (node: Node) => string,
): State<Node, First> {
  const shown = new Set(before.nodes.map(idOf));
  return {
    ...before,
    nodes: [...before.nodes, ...page.nodes.filter((node) => !shown.has(idOf(node)))],
    first: before.first ?? page,
    cursor: page.pageInfo.endCursor ?? null,
    hasMore: page.pageInfo.hasNextPage,
  };
}

/** Calls `reached` whenever the element comes near the visible part of the page. */
export function useNearEnd(reached: () => void) {
  const element = useRef<HTMLDivElement>(null);
  const latest = useRef(reached);
  latest.current = reached;
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting === true) latest.current();
      },
      { rootMargin: '800px' },
    );
    observer.observe(target);
    return () => {
      observer.disconnect();
    };
  });
  return element;
}
