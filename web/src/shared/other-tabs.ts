import { useEffect, useRef } from 'preact/hooks';

/** Between the tabs of this page in one browser: the name of what was changed. */
const channel = new BroadcastChannel('figseek changes');

/** Tells the other tabs that something was changed: a figure by its id, or `collections` for any of them. */
export function tellOtherTabs(changed: string): void {
  channel.postMessage(changed);
}

/** Another tab that changes one thing after the other is followed once, so long after its last change. */
const settleMs = 300;

/** Calls `act` after another tab changed something; in a tab that is not seen, when it is seen again. */
export function useOtherTabs(name: string, act: () => void): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isWaiting = false;
    const follow = (): void => {
      if (document.hidden || !isWaiting) return;
      isWaiting = false;
      latest.current();
    };
    const hear = ({ data }: MessageEvent<unknown>): void => {
      if (data !== name) return;
      isWaiting = true;
      clearTimeout(timer);
      timer = setTimeout(follow, settleMs);
    };
    channel.addEventListener('message', hear);
    document.addEventListener('visibilitychange', follow);
    return () => {
      clearTimeout(timer);
      channel.removeEventListener('message', hear);
      document.removeEventListener('visibilitychange', follow);
    };
  }, [name]);
}
