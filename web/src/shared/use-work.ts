import { useState } from 'preact/hooks';
import { messageOf } from './server';

interface Work {
  /** Waits for what the server was asked to do. @param done is called with its answer */
  readonly run: <Answer>(work: Promise<Answer>, done?: (answer: Answer) => void) => void;
  readonly isWorking: boolean;
  /** Why the latest work failed; null where it did not, and while the next one runs. */
  readonly problem: string | null;
  /** Tells no more why the latest work failed. */
  readonly clear: () => void;
}

/** What a person asked the server to do, one after the other, and where it failed. */
export function useWork(): Work {
  const [state, setState] = useState<Pick<Work, 'isWorking' | 'problem'>>({ isWorking: false, problem: null });
  return {
    ...state,
    run: (work, done) => {
      setState({ isWorking: true, problem: null });
      work.then(
        (answer) => {
          setState({ isWorking: false, problem: null });
          done?.(answer);
        },
        (error: unknown) => {
          setState({ isWorking: false, problem: messageOf(error) });
        },
      );
    },
    clear: () => {
      setState((before) => ({ ...before, problem: null }));
    },
  };
}
