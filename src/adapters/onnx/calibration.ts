import { availableParallelism } from 'node:os';
import type { OnnxEncoder } from './onnx-encoder.js';
import type { BatchConfig, Calibration } from '../../domain/calibration.js';

/** A run of so many inputs of one kind. */
type Run = (count: number) => Promise<unknown>;

/** What was measured of one size of runs. */
interface Speed {
  readonly perSecond: number;
  readonly runMs: number;
}

const batches: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256];
/** Batch with which numbers of threads are compared: large enough to give each its part. */
const batchForThreads = 4;
/** Tokens of a caption as they come (the median of those of docs/benchmarks.md is 45, the mean 64). */
const captionTokens = 64;
/** More than any run has: while it is measured, a batch is one run. */
const noLimit = 1_048_576;
/** Whoever comes while a run is in flight waits for its end. */
const maxRunMs = 1500;
/** Less than this is noise: the smaller number of two such is taken. */
const worthwhile = 1.04;
const measureMs = 250;
/** For the numbers of threads, for those of images, and for those of texts, each; loading the model does not count. */
const usualBudgetMs = 10_000;

/**
 * Finds the number of threads, then the images and the tokens of a run, that embed most a second; the smaller one where
 * there is little between them: a run of many inputs outgrows the caches of a processor. Takes half a minute where runs
 * are long, else a few seconds, and what loading the model takes.
 * @param open an encoder that makes runs of this size; closed here
 * @throws {FigseekError} MODEL_UNAVAILABLE where the model cannot be loaded
 */
export async function calibrate(
  open: (size: BatchConfig) => OnnxEncoder,
  budgetMs = usualBudgetMs,
): Promise<Calibration> {
  let spentMs = 0;
  let best: { readonly threads: number; readonly perSecond: number } | null = null;
  for (const threads of threadCandidates()) {
    if (best !== null && spentMs > budgetMs) break;
    const size = { threads, batch: batchForThreads, tokens: noLimit };
    const found = await withEncoder(open(size), async (encoder) => {
      const startedAt = performance.now();
      const { perSecond } = await speed(batchForThreads, imageRun(encoder));
      spentMs += performance.now() - startedAt;
      // A GPU does the work: the threads of the processor are no matter.
      return { perSecond, done: encoder.status().provider !== 'cpu' };
    });
    if (best === null || found.perSecond > worthwhile * best.perSecond) best = { threads, perSecond: found.perSecond };
    if (found.done) break;
  }
  if (best === null) throw new RangeError('There is no processor');
  const { threads } = best;
  return withEncoder(open({ threads, batch: Math.max(...batches), tokens: noLimit }), async (encoder) => {
    const images = await bestBatch(imageRun(encoder), budgetMs);
    const texts = await bestBatch(captionRun(encoder), budgetMs);
    const tokens = texts.batch * Math.min(captionTokens, encoder.model.contextLength);
    return { threads, batch: images.batch, tokens, imagesPerSecond: images.perSecond };
  });
}

async function bestBatch(run: Run, budgetMs: number): Promise<Speed & { readonly batch: number }> {
  const until = performance.now() + budgetMs;
  let best: (Speed & { readonly batch: number }) | null = null;
  for (const batch of batches) {
    const found = await speed(batch, run);
    if (best === null || found.perSecond > worthwhile * best.perSecond) best = { ...found, batch };
    // Twice as many without a gain, and twice again: more of them bring none either.
    else if (batch >= 4 * best.batch) break;
    if (2 * found.runMs > maxRunMs || performance.now() > until) break;
  }
  return best ?? { batch: 1, perSecond: 0, runMs: 0 };
}

async function withEncoder<Result>(
  encoder: OnnxEncoder,
  work: (encoder: OnnxEncoder) => Promise<Result>,
): Promise<Result> {
  try {
    await encoder.start();
    return await work(encoder);
  } finally {
    await encoder.close();
  }
}

function imageRun(encoder: OnnxEncoder): Run {
  const image = new Uint8Array(encoder.model.preparation.size ** 2 * 3).fill(128);
  return (count) => encoder.embedImages(Array<Uint8Array>(count).fill(image), 'bulk');
}

function captionRun(encoder: OnnxEncoder): Run {
  const long = encoder.model.tokenize('axial image of the chest in a man with effusion '.repeat(captionTokens));
  const caption = long.slice(0, captionTokens);
  return (count) => encoder.embedTokens(Array<Int32Array>(count).fill(caption), 'bulk');
}

/** The fastest of some runs: whatever else the machine does only makes them slower. */
async function speed(batch: number, run: Run): Promise<Speed> {
  const timed = async (): Promise<number> => {
    const startedAt = performance.now();
    await run(batch);
    return performance.now() - startedAt;
  };
  // Memory for a new size is taken in its first run.
  let fastest = await timed();
  const until = performance.now() + measureMs;
  if (fastest < maxRunMs) {
    do fastest = Math.min(fastest, await timed());
    while (performance.now() < until);
  }
  return { perSecond: (1000 * batch) / fastest, runMs: fastest };
}

/** Few to many: a core that has two threads may do better with one. */
function threadCandidates(): readonly number[] {
  const all = availableParallelism();
  return [...new Set([Math.ceil(all / 4), Math.ceil(all / 2), all])];
}
