import type { WorkReporter } from '../../src/ports/work-reporter.js';

/** Keeps what work tells, and the names of what was tracked. */
export class RecordingReporter implements WorkReporter {
  readonly lines: string[] = [];
  readonly tracked: string[] = [];

  readonly tell = (line: string): void => {
    this.lines.push(line);
  };

  readonly track: WorkReporter['track'] = (what, total, work) => {
    this.tracked.push(`${what}: ${total ?? 'unknown'}`);
    return work(() => undefined);
  };
}
