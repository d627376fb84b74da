import { useEffect, useRef, useState } from 'preact/hooks';

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
  /** Loads the next page, unless one is on its way. */
  readonly more: () => void;
}

interface State<Node, First> {
  readonly key: string;
  readonly nodes: readonly Node[];
  readonly first: First | null;
  readonly cursor: string | null;
  readonly isLoading: boolean;
  readonly hasMore: boolean;
  readonly message: string | null;
}

/** Pages of one query, one behind the other; another `key` starts anew. A null key loads nothing. */
export function usePages<Node, First extends Page<Node>>(
  key: string | null,
  load: (after: string | null, signal: AbortSignal) => Promise<First>,
): Pages<Node, First> {
  const empty: State<Node, First> = {
    key: key ?? '',
    nodes: [],
    first: null,
    cursor: null,
    isLoading: key !== null,
    hasMore: false,
    message: null,
  };
  const [state, setState] = useState(empty);
  const now = state.key === (key ?? '') ? state : empty;
  const abort = useRef<AbortController | null>(null);

  const fetchPage = (after: string | null, before: State<Node, First>): void => {
    abort.current?.abort();
    const running = new AbortController();
    abort.current = running;
    setState({ ...before, isLoading: true, message: null });
    load(after, running.signal).then(
      (page) => {
        if (running.signal.aborted) return;
        setState({
          key: before.key,
          nodes: [...before.nodes, ...page.nodes],
          first: before.first ?? page,
          cursor: page.pageInfo.endCursor ?? null,
          isLoading: false,
          hasMore: page.pageInfo.hasNextPage,
          message: null,
        });
      },
      (error: unknown) => {
        if (running.signal.aborted) return;
        const message = error instanceof Error ? error.message : String(error);
        setState({ ...before, isLoading: false, hasMore: false, message });
      },
    );
  };

  useEffect(() => {
    if (key !== null) fetchPage(null, empty);
    return () => abort.current?.abort();
  }, [key]);

  return {
    ...now,
    more: () => {
      if (!now.isLoading && now.hasMore) fetchPage(now.cursor, now);
    },
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
