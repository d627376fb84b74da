import { availableParallelism } from 'node:os';
import type { EncoderClient } from './encoder-client.js';

/** How the runs of a model are cut. */
export interface RunSize {
  /** Threads of one run. */
  readonly threads: number;
  /** Inputs of one run. */
  readonly batch: number;
}

/** What suits a model on this machine, and what it reaches so. */
export interface Calibration extends RunSize {
  readonly imagesPerSecond: number;
}

const batches: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256];
/** Batch with which numbers of threads are compared: large enough to give each its part. */
const batchForThreads = 4;
/** Whoever comes while a run is in flight waits for its end. */
const longestRunMs = 1500;
/** Less than this is noise: the smaller number of two such is taken. */
const worthwhile = 1.04;
const measureMs = 250;
const budgetMs = 30_000;

/**
 * Finds the number of threads, then the inputs of a run, that embed most images a second; the smaller one where there is
 * little between them. Takes half a minute at most where runs are long, else a few seconds.
 * @param open an encoder that makes runs of this size; closed here
 * @throws {FigseekError} MODEL_UNAVAILABLE where the model cannot be loaded
 */
export async function calibrate(open: (size: RunSize) => EncoderClient): Promise<Calibration> {
  const until = performance.now() + budgetMs;
  let best: Calibration | null = null;
  for (const threads of threadCandidates()) {
    if (best !== null && performance.now() > until) break;
    const found = await withEncoder(open({ threads, batch: batchForThreads }), async (encoder) => ({
      imagesPerSecond: (await speed(encoder, batchForThreads)).imagesPerSecond,
      // A GPU does the work: the threads of the processor are no matter.
      done: encoder.status().provider !== 'cpu',
    }));
    const { imagesPerSecond } = found;
    if (best === null || imagesPerSecond > worthwhile * best.imagesPerSecond) {
      best = { threads, batch: batchForThreads, imagesPerSecond };
    }
    if (found.done) break;
  }
  if (best === null) throw new RangeError('There is no processor');
  const { threads } = best;
  return withEncoder(open({ threads, batch: Math.max(...batches) }), (encoder) => bestBatch(encoder, threads, until));
}

async function bestBatch(encoder: EncoderClient, threads: number, until: number): Promise<Calibration> {
  let best: Calibration | null = null;
  for (const batch of batches) {
    const { imagesPerSecond, runMs } = await speed(encoder, batch);
    if (best === null || imagesPerSecond > worthwhile * best.imagesPerSecond)
      best = { threads, batch, imagesPerSecond };
    // Twice the inputs without a gain: more of them bring none either.
    else if (batch >= 4 * best.batch) break;
    if (2 * runMs > longestRunMs || performance.now() > until) break;
  }
  return best ?? { threads, batch: 1, imagesPerSecond: 0 };
}

async function withEncoder<Result>(
  encoder: EncoderClient,
  work: (encoder: EncoderClient) => Promise<Result>,
): Promise<Result> {
  try {
    await encoder.start();
    return await work(encoder);
  } finally {
    await encoder.close();
  }
}

async function speed(encoder: EncoderClient, batch: number): Promise<{ imagesPerSecond: number; runMs: number }> {
  const image = new Uint8Array(encoder.model.imageSize ** 2 * 3).fill(128);
  const images = Array.from({ length: batch }, () => image);
  const timed = async (): Promise<number> => {
    const startedAt = performance.now();
    await encoder.embedImages(images, 'bulk');
    return performance.now() - startedAt;
  };
  // Memory for a new size is taken in its first run.
  let fastest = await timed();
  const until = performance.now() + measureMs;
  if (fastest < longestRunMs) {
    do fastest = Math.min(fastest, await timed());
    while (performance.now() < until);
  }
  return { imagesPerSecond: (1000 * batch) / fastest, runMs: fastest };
}

/** Few to many: a core that has two threads may do better with one. */
function threadCandidates(): readonly number[] {
  const all = availableParallelism();
  return [...new Set([Math.ceil(all / 4), Math.ceil(all / 2), all])];
}
