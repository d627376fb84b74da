import { FigseekError } from '../../domain/errors.js';
import { WorkerThread, type WorkerThreadOptions } from '../../platform/worker-thread.js';

export interface FileThreadOptions<Work> extends Omit<WorkerThreadOptions, 'timeoutMs'> {
  /** What a file that ends the thread is told to be: a fault of this file with the code BAD_USER_INPUT. */
  readonly damaged: (work: Work, error: unknown) => FigseekError;
}

/** Files take some seconds; one that is made to take forever is given up. */
const timeoutMs = 120_000;

/**
 * A thread that reads files of one kind. Where it ends, or fails in a way that nobody expected, the file is the reason: only
 * this file is a fault, and the run goes on. A worker thread alone would say MODEL_UNAVAILABLE, which ends the run.
 */
export class FileThread<Work, Result> {
  private readonly thread: WorkerThread<Work, Result>;

  constructor(private readonly options: FileThreadOptions<Work>) {
    this.thread = new WorkerThread({ ...options, timeoutMs });
  }

  /** @throws {FigseekError} what is wrong with the file; TIMEOUT */
  async ask(work: Work): Promise<Result> {
    try {
      return await this.thread.ask(work);
    } catch (error) {
      if (error instanceof FigseekError && error.code !== 'MODEL_UNAVAILABLE') throw error;
      throw this.options.damaged(work, error);
    }
  }
}
