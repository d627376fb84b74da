import { useEffect } from 'preact/hooks';
import { usePoll } from '../shared/poll';
import { runs } from '../system/queries';
import { text } from '../text';

interface ArrivingProps {
  /** Whether nothing is shown yet: then what comes is shown by itself. */
  readonly isEmpty: boolean;
  /** Shows what has come. */
  readonly onMore: () => void;
}

const busyMs = 2000;
const idleMs = 15_000;

/** That figures are arriving now, as while the first start draws its samples: what is searched grows meanwhile. */
export function Arriving({ isEmpty, onMore }: ArrivingProps) {
  const { data } = usePoll(
    (signal) => runs(1, signal),
    (latest) => (latest?.[0]?.state === 'RUNNING' ? busyMs : idleMs),
  );
  const [run] = data ?? [];
  const stored = (run?.added ?? 0) + (run?.updated ?? 0);
  useEffect(() => {
    if (isEmpty && stored > 0) onMore();
  }, [isEmpty, stored]);
  if (run?.state !== 'RUNNING') return null;
  return (
    <p role="status" class="quiet">
      {text.app.arriving(run.read, run.total)}{' '}
      <progress
        aria-label={text.app.arriving(run.read, run.total)}
        {...(run.total === null ? {} : { value: run.read, max: Math.max(1, run.total) })}
      />{' '}
      <button type="button" class="chip" onClick={onMore}>
        {text.app.showNew}
      </button>
    </p>
  );
}
