import type { DrawnMask } from '../domain/mask.js';
import type { DetectedObject } from '../domain/detection.js';
import { WorkerThread } from '../platform/worker-thread.js';
import type { DrawingResult, DrawingWork, ReadWork, RecogniseWork, ThreadData } from './thread-messages.js';

/** The largest picture takes half a minute of a busy core. */
const maxTaskMs = 120_000;

/** Reads masks on a thread of their own. */
export class DrawingThread {
  private readonly thread: WorkerThread<DrawingWork, DrawingResult>;

  constructor(workerData: ThreadData) {
    const entry = new URL('./postprocess-worker.js', import.meta.url);
    this.thread = new WorkerThread({ entry, workerData, purpose: 'draws masks', timeoutMs: maxTaskMs });
  }

  /** @throws {FigseekError} TIMEOUT, MODEL_UNAVAILABLE with the reason */
  async read(work: Omit<ReadWork, 'kind'>): Promise<DrawnMask> {
    const result = await this.thread.ask({ kind: 'read', ...work });
    if (!('drawn' in result)) throw new Error('a mask was to be read');
    return result.drawn;
  }

  /** As long as so many masks may take. @throws {FigseekError} as `read` */
  async recognise(work: Omit<RecogniseWork, 'kind'>): Promise<readonly DetectedObject[]> {
    const result = await this.thread.ask({ kind: 'recognise', ...work }, maxTaskMs * Math.max(1, work.answers.length));
    if (!('recognised' in result)) throw new Error('objects were to be recognised');
    return result.recognised;
  }

  close(): Promise<void> {
    return this.thread.close();
  }
}
