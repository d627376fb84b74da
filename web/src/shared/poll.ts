import { useEffect, useRef, useState } from 'preact/hooks';
import { messageOf } from './server';

interface Polled<Data> {
  /** The latest answer; null before the first one. */
  readonly data: Data | null;
  /** Why the latest question failed; null where it did not. */
  readonly problem: string | null;
  /** Asks at once. */
  readonly refresh: () => void;
}

/**
 * Asks again and again while the page is visible.
 * @param waitMs how long to wait after an answer; null: not again, until `refresh`
 */
export function usePoll<Data>(
  load: (signal: AbortSignal) => Promise<Data>,
  waitMs: (data: Data | null) => number | null,
): Polled<Data> {
  const [data, setData] = useState<Data | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [asked, setAsked] = useState(0);
  const latest = useRef({ load, waitMs });
  latest.current = { load, waitMs };
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = (ms: number | null): void => {
      if (ms !== null && !abort.signal.aborted) timer = setTimeout(askNow, ms);
    };
    const askNow = (): void => {
      if (document.hidden) {
        again(latest.current.waitMs(null) ?? 5000);
        return;
      }
      latest.current.load(abort.signal).then(
        (answer) => {
          if (abort.signal.aborted) return;
          setData(answer);
          setProblem(null);
          again(latest.current.waitMs(answer));
        },
        (error: unknown) => {
          if (abort.signal.aborted) return;
          setProblem(messageOf(error));
          again(latest.current.waitMs(null) ?? 5000);
        },
      );
    };
    askNow();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [asked]);
  return {
    data,
    problem,
    refresh: () => {
      setAsked((before) => before + 1);
    },
  };
}
