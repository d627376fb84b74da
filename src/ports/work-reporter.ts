/**
 * How work that takes long tells a person about itself: the command line prints it, a test records it.
 * What work returns or throws is not told a second time.
 */
export interface WorkReporter {
  /** A sentence that a person needs to know whatever the result is. */
  readonly tell: (line: string) => void;

  /**
   * Runs `work` and shows its progress.
   * @param what names the work in a few words
   * @param total what `work` will have done at its end; null where nobody knows
   * @param work reports how much is done, and how much of that an earlier run did
   * @param unit what the amounts count
   */
  readonly track: <Result>(
    what: string,
    total: number | null,
    work: (at: (done: number, before?: number) => void) => Promise<Result>,
    unit?: 'items' | 'bytes',
  ) => Promise<Result>;
}
