import { useEffect, useRef, useState } from 'preact/hooks';
import { text } from '../text';
import { currentEntry } from './history-entry';
import { applyEdits, loadAgain, loadNext, type Page, type PageState, type Question } from './page-state';
import { isUnreachable, messageOf } from './server';

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
  /** Asks again for what failed. */
  readonly retry: () => void;
  /** Gives up what is on its way. */
  readonly stop: () => void;
  /** Shows another node in the place of the one with the same id, until it is loaded again. */
  readonly replace: (node: Node) => void;
  /** Takes nodes out of what is shown. */
  readonly drop: (ids: readonly string[]) => void;
}

/** Answers by the entry of the history and their keys, the latest last: who goes back finds all pages that were there. */
const kept = new Map<string, PageState<unknown, unknown>>();
const maxKept = 10;

function keep(state: PageState<unknown, unknown>): void {
  kept.delete(state.key);
  kept.set(state.key, { ...state, isLoading: false });
  const [oldest] = kept.keys();
  if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
}

interface PagesOptions<Node, First> extends Question<Node, First> {
  /** Of the query: another one starts anew; null loads nothing. */
  readonly key: string | null;
  /** Counts changes of what is listed: after one, as much as is there is loaded anew, and what was there is shown meanwhile. */
  readonly version?: number;
  /** Whether who comes back finds what was there, without asking again. */
  readonly isKept?: boolean;
}

/** Pages of one query, one behind the other. */
export function usePages<Node, First extends Page<Node>>({
  key: ownKey,
  version = 0,
  isKept = true,
  ...question
}: PagesOptions<Node, First>): Pages<Node, First> {
  const key = ownKey === null ? '' : `${currentEntry()} ${ownKey}`;
  const empty: PageState<Node, First> = {
    ...{ key, version, nodes: [], first: null, cursor: null },
    ...{ isLoading: ownKey !== null, hasMore: false, message: null, isUnreachable: false },
  };
  const known = (isKept ? kept.get(key) : undefined) as PageState<Node, First> | undefined;
  const [state, setState] = useState(known ?? empty);
  const now = state.key === key ? state : (known ?? empty);
  const latest = useRef(now);
  latest.current = now;
  const abort = useRef<AbortController | null>(null);
  /** What was edited here since the latest question: its answer may not know of it. */
  const edits = useRef(new Map<string, Node | null>());

  const show = (next: PageState<Node, First>): void => {
    latest.current = next;
    setState(next);
    if (isKept && next.first !== null && next.message === null) keep(next);
  };

  /** Shows what the server answers in the place of what was there before. */
  const follow = (before: PageState<Node, First>, ask: typeof loadNext<Node, First>): void => {
    abort.current?.abort();
    const running = new AbortController();
    abort.current = running;
    edits.current.clear();
    const asked = { ...before, isLoading: true, message: null, isUnreachable: false };
    show(asked);
    ask(asked, question, running.signal).then(
      (next) => {
        if (running.signal.aborted) return;
        show(applyEdits({ ...next, version, isLoading: false }, edits.current, question.idOf));
      },
      (error: unknown) => {
        if (running.signal.aborted) return;
        const failed = { isLoading: false, message: messageOf(error), isUnreachable: isUnreachable(error) };
        show({ ...latest.current, ...failed });
      },
    );
  };
  const edit = (ids: readonly string[], node: Node | null): void => {
    for (const id of ids) edits.current.set(id, node);
    show(applyEdits(latest.current, edits.current, question.idOf));
  };

  useEffect(() => {
    if (ownKey === null) return;
    if (now.first === null) follow(empty, loadNext);
    else if (now.version !== version) follow(now, loadAgain);
    else setState(now);
    return () => abort.current?.abort();
  }, [key, version]);

  return {
    ...now,
    more: () => {
      const { current } = latest;
      if (!current.isLoading && current.hasMore && current.message === null) follow(current, loadNext);
    },
    retry: () => {
      const { current } = latest;
      if (current.message === null) return;
      follow(current, current.first !== null && current.version !== version ? loadAgain : loadNext);
    },
    stop: () => {
      abort.current?.abort();
      const stopped = { isLoading: false, message: text.app.stopped, isUnreachable: false };
      if (latest.current.isLoading) show({ ...latest.current, ...stopped });
    },
    replace: (node) => {
      edit([question.idOf(node)], node);
    },
    drop: (ids) => {
      edit(ids, null);
    },
  };
}
