import type { DetectedObject } from '../domain/detection.js';
import type { DrawnMask } from '../domain/mask.js';
import { WorkerThread } from '../platform/worker-thread.js';
import type { DetectionWork, MaskWork, PostprocessResult, PostprocessWork, ThreadData } from './thread-messages.js';

/** The largest image takes half a minute of a busy core. */
const maxTaskMs = 120_000;

/** Reads the outputs of a segmenter on a thread of its own. */
export class PostprocessThread {
  private readonly thread: WorkerThread<PostprocessWork, PostprocessResult>;

  constructor(workerData: ThreadData) {
    const entry = new URL('./postprocess-worker.js', import.meta.url);
    this.thread = new WorkerThread({ entry, workerData, purpose: 'draws masks', timeoutMs: maxTaskMs });
  }

  /** @throws {FigseekError} TIMEOUT, MODEL_UNAVAILABLE with the reason */
  async postprocessMask(work: Omit<MaskWork, 'kind'>): Promise<DrawnMask> {
    const result = await this.thread.ask({ kind: 'mask', ...work });
    if (!('mask' in result)) throw new Error('Expected a mask but received detected objects');
    return result.mask;
  }

  /** Its time limit grows with the number of objects. @throws {FigseekError} as `readMask` */
  async readDetections(work: Omit<DetectionWork, 'kind'>): Promise<readonly DetectedObject[]> {
    const timeoutMs = maxTaskMs * Math.max(1, work.answers.length);
    const result = await this.thread.ask({ kind: 'detections', ...work }, timeoutMs);
    if (!('objects' in result)) throw new Error('Expected detected objects but received a mask');
    return result.objects;
  }

  close(): Promise<void> {
    return this.thread.close();
  }
}
