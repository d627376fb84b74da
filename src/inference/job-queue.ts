import type { Work } from './messages.js';

/** Interactive work is a person who waits for an answer, then comes what illustrates it; bulk work is an ingest. */
export type Priority = 'interactive' | 'illustration' | 'bulk';

const priorities: readonly Priority[] = ['interactive', 'illustration', 'bulk'];

export type Input =
  /** uint8 [size, size, 3] */
  | { readonly kind: 'image'; readonly pixels: Uint8Array }
  | { readonly kind: 'text'; readonly ids: Int32Array }
  /** What each patch of the image adds in a direction, float32 [dimensions]. */
  | { readonly kind: 'support'; readonly pixels: Uint8Array; readonly direction: Float32Array };

/** One input on its way to one vector. */
export interface Job {
  readonly input: Input;
  readonly priority: Priority;
  resolve(vector: Float32Array): void;
  reject(error: Error): void;
  /** How often the child died while it held this job. */
  crashes: number;
}

/** A search that comes while an illustration is made waits for the batch in flight: it is to be a short one. */
const longestSupportBatch = 4;

/** Waiting jobs; batches are cut from it: by priority, one kind of input a batch. */
export class JobQueue {
  private readonly lanes: Record<Priority, Job[]> = { interactive: [], illustration: [], bulk: [] };

  get length(): number {
    return priorities.reduce((sum, priority) => sum + this.lanes[priority].length, 0);
  }

  lengthOf(priority: Priority): number {
    return this.lanes[priority].length;
  }

  add(job: Job): void {
    this.lanes[job.priority].push(job);
  }

  /** Puts jobs back at the head, in their order. */
  putBack(jobs: readonly Job[]): void {
    for (const job of jobs.toReversed()) this.lanes[job.priority].unshift(job);
  }

  /**
   * The next batch: at most `limit` jobs of the first job's kind. A job that was in a crash goes alone, so that an
   * input that kills the child takes no other request with it.
   */
  takeBatch(limit: number): readonly Job[] {
    const lane = priorities.map((priority) => this.lanes[priority]).find((one) => one.length > 0) ?? [];
    const [first] = lane;
    if (first === undefined) return [];
    if (first.crashes > 0) return lane.splice(0, 1);
    const most = first.input.kind === 'support' ? Math.min(limit, longestSupportBatch) : limit;
    const batch: Job[] = [];
    for (const job of lane) {
      if (batch.length === most) break;
      if (job.crashes === 0 && job.input.kind === first.input.kind) batch.push(job);
    }
    const taken = new Set(batch);
    this.lanes[first.priority] = lane.filter((job) => !taken.has(job));
    return batch;
  }

  /** Takes out a job that nobody waits for any more; one that is already in a batch runs to its end. */
  remove(job: Job): void {
    this.lanes[job.priority] = this.lanes[job.priority].filter((other) => other !== job);
  }

  /** Empties the queue. */
  drain(): readonly Job[] {
    return priorities.flatMap((priority) => this.lanes[priority].splice(0));
  }
}

/** Inputs of one kind → the message for the child. Texts are padded to the longest of the batch, with mask 0. */
export function toWork(inputs: readonly Input[], imageSize: number): Work {
  const images = inputs.filter((input) => input.kind === 'image');
  if (images.length === inputs.length) {
    return { kind: 'images', pixels: joinedPixels(images), count: images.length, size: imageSize };
  }
  const supports = inputs.filter((input) => input.kind === 'support');
  if (supports.length === inputs.length) {
    const directions = Float32Array.from(supports.flatMap(({ direction }) => [...direction]));
    return { kind: 'support', pixels: joinedPixels(supports), directions, count: supports.length, size: imageSize };
  }
  const texts = inputs.filter((input) => input.kind === 'text');
  const length = Math.max(...texts.map((text) => text.ids.length));
  const ids = new Int32Array(texts.length * length);
  const mask = new Int32Array(texts.length * length);
  texts.forEach((text, row) => {
    ids.set(text.ids, row * length);
    mask.fill(1, row * length, row * length + text.ids.length);
  });
  return { kind: 'texts', ids, mask, count: texts.length, length };
}

/** All of one size. */
function joinedPixels(images: readonly { readonly pixels: Uint8Array }[]): Uint8Array {
  const length = images[0]?.pixels.length ?? 0;
  const joined = new Uint8Array(images.length * length);
  images.forEach(({ pixels }, row) => {
    joined.set(pixels, row * length);
  });
  return joined;
}
