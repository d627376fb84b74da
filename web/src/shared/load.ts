import { useEffect, useRef, useState } from 'preact/hooks';
import { messageOf } from './server';

export type Loading<Data> =
  | { readonly state: 'idle' }
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly data: Data }
  | { readonly state: 'failed'; readonly message: string };

interface Options {
  /** While it stays the same, old data is shown until the new data is there. */
  readonly keepWhile?: string;
}

/** Loads data when `key` changes; an answer to an older key is dropped. A null key loads nothing. */
export function useLoading<Data>(
  key: string | null,
  load: (signal: AbortSignal) => Promise<Data>,
  { keepWhile }: Options = {},
): Loading<Data> {
  const [loading, setLoading] = useState<Loading<Data>>({ state: 'idle' });
  const kept = useRef(keepWhile);
  useEffect(() => {
    if (key === null) {
      setLoading({ state: 'idle' });
      return;
    }
    const abort = new AbortController();
    const isSame = keepWhile !== undefined && kept.current === keepWhile;
    kept.current = keepWhile;
    setLoading((before) => (isSame && before.state === 'ready' ? before : { state: 'loading' }));
    load(abort.signal).then(
      (data) => {
        if (!abort.signal.aborted) setLoading({ state: 'ready', data });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setLoading({ state: 'failed', message: messageOf(error) });
      },
    );
    return () => {
      abort.abort();
    };
  }, [key]);
  return loading;
}
