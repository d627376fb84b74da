import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { readFile } from 'node:fs/promises';
import type { Config } from '../app/config.js';
import { FigseekError } from '../domain/errors.js';
import { decodeImage } from '../imaging/decode.js';
import { OnnxSegmenter } from '../adapters/onnx/onnx-segmenter.js';
import { postprocessMask } from '../masks/postprocess-mask.js';
import { segmenterOptions } from '../app/model-runtime.js';
import { openRegistry } from '../app/open-registry.js';
import { withJpegFiles } from './embed-inputs.js';
import { percentiles, round } from './measuring.js';

export interface SegmentBench {
  /** A segmenter package; null for the one that a server would take. */
  readonly model: string | null;
  /** Side of the square that the model works on; null for the package's own. */
  readonly size: number | null;
  /** Prompts on each picture, the first included. */
  readonly prompts: number;
  /** Pictures that count, after one that warms up. */
  readonly pictures: number;
  /** Figures that a server is asked a mask of, after one that warms up; as many as one page of figures holds. */
  readonly clicks: number;
}

/** What one picture took, in milliseconds. */
interface Times {
  /** In the child: the picture's features. */
  readonly image: number;
  /** From the JPEG's bytes to the mask as people read it. */
  readonly first: number;
  /** In the child: each prompt after the first. */
  readonly further: readonly number[];
}

const words = ['left lung', 'optic disc', 'skin lesion', 'tumour', 'neoplastic cells', 'right kidney'];

/** Masks of new pictures by a segmenter in its child: encoding, further prompts, and the whole way to a first mask. */
export async function benchSegment(config: Config, bench: SegmentBench): Promise<Readonly<Record<string, unknown>>> {
  check(bench);
  const model = await openRegistry(config).loadSegmenter(bench.model ?? config.segmenter);
  const size = bench.size ?? model.imageSize;
  const client = new OnnxSegmenter(model, segmenterOptions(config));
  try {
    await client.start();
    const times = await withJpegFiles(bench.pictures + 1, async (files) => {
      const all: Times[] = [];
      for (const file of files) all.push(await timesOf(client, await readFile(file), size, bench.prompts));
      return all.slice(1);
    });
    return {
      bench: 'segment',
      model: model.name,
      provider: client.status().provider,
      threads: config.inferenceThreads,
      size,
      pictures: times.length,
      firstMaskMs: percentiles(times.map(({ first }) => first)),
      imageMs: percentiles(times.map(({ image }) => image)),
      furtherPromptMs: percentiles(times.flatMap(({ further }) => further)),
      peakMiB: peakOf(client.pid),
      load: round(loadavg()[0] ?? 0),
    };
  } finally {
    await client.close();
  }
}

function check({ prompts, pictures, clicks }: SegmentBench): void {
  for (const [name, value, least, most] of [
    ['--prompts', prompts, 2, 1000],
    ['--pictures', pictures, 1, 1000],
    ['--clicks', clicks, 0, 99],
  ] as const) {
    if (Number.isInteger(value) && value >= least && value <= most) continue;
    const expected = `a whole number from ${least} to ${most}`;
    throw new FigseekError('BAD_USER_INPUT', `Expected ${name} to be ${expected} but received ${value}`);
  }
}

async function timesOf(client: OnnxSegmenter, jpeg: Uint8Array, size: number, prompts: number): Promise<Times> {
  const { model } = client;
  const startedAt = performance.now();
  const { image } = await decodeImage(jpeg);
  const input = model.preprocess(image, size);
  const raw = await client.segment(input, model.tokenize(wordsOf(0)), 'bulk');
  postprocessMask(raw, input, null);
  const first = performance.now() - startedAt;
  const further: number[] = [];
  for (let i = 1; i < prompts; i++) {
    further.push((await client.segment(input, model.tokenize(wordsOf(i)), 'bulk')).promptMs);
  }
  return { first, further, image: raw.imageMs ?? 0 };
}

function wordsOf(number: number): string {
  return words[number % words.length] ?? '';
}

/** The most memory that a process held so far, in MiB; null where the system does not tell it of others. */
function peakOf(pid: number | undefined): number | null {
  if (process.platform !== 'linux' || pid === undefined) return null;
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}
