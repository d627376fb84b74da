import { useEffect, useState } from 'preact/hooks';

export type Loading<Data> =
  | { readonly state: 'idle' }
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly data: Data }
  | { readonly state: 'failed'; readonly message: string };

/** Loads data when `key` changes; an answer to an older key is dropped. A null key loads nothing. */
export function useLoading<Data>(key: string | null, load: (signal: AbortSignal) => Promise<Data>): Loading<Data> {
  const [loading, setLoading] = useState<Loading<Data>>({ state: 'idle' });
  useEffect(() => {
    if (key === null) {
      setLoading({ state: 'idle' });
      return;
    }
    const abort = new AbortController();
    setLoading({ state: 'loading' });
    load(abort.signal).then(
      (data) => {
        if (!abort.signal.aborted) setLoading({ state: 'ready', data });
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        setLoading({ state: 'failed', message: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => {
      abort.abort();
    };
  }, [key]);
  return loading;
}
