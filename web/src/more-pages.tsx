import type { ComponentChildren } from 'preact';
import { useNearEnd } from './pages';

interface MorePagesProps {
  readonly pages: {
    readonly first: unknown;
    readonly isLoading: boolean;
    readonly message: string | null;
    readonly more: () => void;
    readonly retry: () => void;
  };
  readonly children: ComponentChildren;
}

/** What the pages hold; the next one is loaded as the reader comes near the end, and one that failed when it is asked for. */
export function MorePages({ pages, children }: MorePagesProps) {
  const end = useNearEnd(pages.more);
  const { first, isLoading, message } = pages;
  return (
    <>
      {children}
      {message !== null && (
        <p role="alert">
          {message}{' '}
          <button type="button" class="chip" onClick={pages.retry}>
            Try again
          </button>
        </p>
      )}
      {isLoading && first !== null && (
        <p role="status" class="quiet">
          More…
        </p>
      )}
      <div ref={end} />
    </>
  );
}
