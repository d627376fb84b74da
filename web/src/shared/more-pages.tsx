import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { text } from '../text';
import type { Pages } from './pages';

interface MorePagesProps {
  readonly pages: Omit<Pages<unknown, unknown>, 'nodes' | 'replace' | 'drop'>;
  readonly children: ComponentChildren;
}

/** What the pages hold; the next one is loaded as the reader comes near the end, and one that failed when it is asked for. */
export function MorePages({ pages, children }: MorePagesProps) {
  const end = useNearEnd(pages.more);
  const { first, isLoading, message, isUnreachable } = pages;
  const isOnline = useRetryWhenReachable(isUnreachable, pages.retry);
  return (
    <>
      {children}
      {message !== null && (
        <p role="alert">
          {isOnline ? message : text.app.offline} {isUnreachable && isOnline && text.app.waiting}{' '}
          <button type="button" class="chip" onClick={pages.retry}>
            {text.app.tryAgain}
          </button>
        </p>
      )}
      {isLoading && <Slow key={first === null ? 'first' : 'more'} onStop={pages.stop} isFirst={first === null} />}
      <div ref={end} />
    </>
  );
}

const retryEveryMs = 5000;

/** Asks again now and then while the server does not answer, and at once when the network is back. @returns whether there is a network */
function useRetryWhenReachable(isUnreachable: boolean, retry: () => void): boolean {
  const [isOnline, setOnline] = useState(navigator.onLine);
  const latest = useRef(retry);
  latest.current = retry;
  useEffect(() => {
    const follow = (): void => {
      setOnline(navigator.onLine);
      if (isUnreachable && navigator.onLine) latest.current();
    };
    addEventListener('online', follow);
    addEventListener('offline', follow);
    const timer = isUnreachable ? setInterval(follow, retryEveryMs) : undefined;
    return () => {
      removeEventListener('online', follow);
      removeEventListener('offline', follow);
      clearInterval(timer);
    };
  }, [isUnreachable]);
  return isOnline;
}

const slowAfterMs = 4000;

/** That a page is on its way; after a while, with a way to give up. */
function Slow({ onStop, isFirst }: { readonly onStop: () => void; readonly isFirst: boolean }) {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSlow(true);
    }, slowAfterMs);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  if (!isSlow) return isFirst ? null : <p class="quiet">{text.results.more}</p>;
  return (
    <p role="status" class="quiet">
      {text.app.slow}{' '}
      <button type="button" class="chip" onClick={onStop}>
        {text.app.cancel}
      </button>
    </p>
  );
}

/** Calls `reached` whenever the element comes near the visible part of the page. */
function useNearEnd(reached: () => void) {
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
