import { readFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import type { Config } from '../app/config.js';
import { encoderOptions, newReader } from '../app/model-runtime.js';
import { openRegistry } from '../app/open-registry.js';
import { OnnxEncoder } from '../adapters/onnx/onnx-encoder.js';
import type { ProcessImageReader } from '../adapters/onnx/process-image-reader.js';
import type { DualEncoderManifest } from '../model-packages/package-manifest.js';
import type { ModelRegistry } from '../model-packages/package-registry.js';
import { listPrecisions } from '../model-packages/package-variants.js';
import { drawnCaptions, noise, withJpegFiles } from './embed-inputs.js';
import { latency, rate, round } from './measuring.js';
import type { Timings } from '../domain/inference-status.js';

export interface EmbedBench {
  /** Packages; where none is named, the configured one and the other precisions of its checkpoint. */
  readonly models: readonly string[];
  readonly batches: readonly number[];
  /** For each measurement. */
  readonly seconds: number;
  /** GFLOP/s that one core can do, for the share of it that is reached. */
  readonly peak: number | null;
}

/** Throughput and latency of model packages, as ingest and search see them: through the child, in batches. */
export async function* benchEmbed(
  config: Config,
  bench: EmbedBench,
): AsyncGenerator<Readonly<Record<string, unknown>>> {
  const registry = openRegistry(config);
  for (const manifest of await selectPackages(registry, bench.models, config.model ?? 'starter')) {
    const model = await registry.load(manifest.name);
    const limits = { ...encoderOptions(config), batch: Math.max(...bench.batches) };
    const encoder = new OnnxEncoder(model, limits);
    const reader = newReader(config);
    try {
      await encoder.start();
      const facts = {
        bench: 'embed',
        model: model.name,
        precision: manifest.precision,
        provider: encoder.status().provider,
        threads: config.inferenceThreads,
      };
      const cores = config.inferenceThreads === 0 ? availableParallelism() : config.inferenceThreads;
      for (const batch of bench.batches) {
        const work = { batch, cores, imageOperations: manifest.imageOperations };
        yield { ...facts, batch, ...(await measureThroughput(encoder, work, bench)), load: readLoad() };
      }
      yield { ...facts, ...(await measureFiles(encoder, reader, Math.max(...bench.batches), bench)), load: readLoad() };
      yield { ...facts, ...(await measureLatencies(encoder, bench)), load: readLoad() };
    } finally {
      reader.close();
      await encoder.close();
    }
  }
}

async function selectPackages(
  registry: ModelRegistry,
  named: readonly string[],
  active: string,
): Promise<readonly DualEncoderManifest[]> {
  if (named.length > 0) return Promise.all(named.map((name) => registry.dualEncoder(name)));
  return listPrecisions(registry, await registry.dualEncoder(active));
}

/** The load of the machine: a measurement beside other work is not reliable. */
function readLoad(): number {
  return round(loadavg()[0] ?? 0);
}

/** What is measured, and what the share of the peak is computed from. */
interface MeasuredWork {
  /** Inputs of one run. */
  readonly batch: number;
  /** Cores that the model uses. */
  readonly cores: number;
  /** Floating-point operations of one image; undefined where the package does not say. */
  readonly imageOperations: number | undefined;
}

async function measureThroughput(
  encoder: OnnxEncoder,
  { batch, cores, imageOperations }: MeasuredWork,
  { seconds, peak }: EmbedBench,
) {
  const pixels = noise(encoder.model.preparation.size ** 2 * 3);
  const images = Array.from({ length: batch }, () => pixels);
  const captions = drawnCaptions(encoder.model);
  const byLength = captions.toSorted((a, b) => a.length - b.length);
  const imagesPerSecond = await rate(() => encoder.embedImages(images, 'bulk'), batch, seconds);
  const gflops = imageOperations === undefined ? null : round((imagesPerSecond * imageOperations) / 1e9);
  return {
    imagesPerSecond,
    gflopsPerSecond: gflops,
    shareOfPeak: gflops === null || peak === null ? null : round(gflops / (peak * cores)),
    captionsPerSecond: await rate(() => embedInBatches(encoder, captions, batch), captions.length, seconds),
    captionsByLengthPerSecond: await rate(() => embedInBatches(encoder, byLength, batch), captions.length, seconds),
  };
}

async function embedInBatches(encoder: OnnxEncoder, captions: readonly Int32Array[], batch: number): Promise<void> {
  for (let start = 0; start < captions.length; start += batch) {
    await encoder.embedTokens(captions.slice(start, start + batch), 'bulk');
  }
}

/** From JPEG files: the next batch is read, decoded and resized while the model computes; then each of the two alone. */
async function measureFiles(encoder: OnnxEncoder, reader: ProcessImageReader, batch: number, { seconds }: EmbedBench) {
  const { preparation } = encoder.model;
  return withJpegFiles(4 * batch, async (files) => {
    const read = async (start: number): Promise<Uint8Array[]> => {
      const wanted = files.slice(start, start + batch);
      const images = await Promise.all(
        wanted.map(async (file) => reader.read(await readFile(file), preparation, 'bulk')),
      );
      return images.map(({ pixels }) => pixels);
    };
    const decoded = await read(0);
    const embedAllFiles = async (): Promise<void> => {
      let next = read(0);
      for (let start = 0; start < files.length; start += batch) {
        const pixels = await next;
        next = read(start + batch);
        await encoder.embedImages(pixels, 'bulk');
      }
      await next;
    };
    const filesPerSecond = await rate(embedAllFiles, files.length, seconds);
    const modelBefore = encoder.status().times;
    const modelAlonePerSecond = await rate(() => encoder.embedImages(decoded, 'bulk'), batch, seconds);
    const modelAfter = encoder.status().times;
    const readBefore = reader.bulkTimes;
    const decodeAlonePerSecond = await rate(() => read(0), batch, Math.min(seconds, 3));
    return {
      ...{ batch, filesPerSecond, modelAlonePerSecond, decodeAlonePerSecond },
      shareOfModelAlone: round(filesPerSecond / modelAlonePerSecond),
      msAnImage: { model: averageTimes(modelBefore, modelAfter), decode: averageTimes(readBefore, reader.bulkTimes) },
    };
  });
}

/** Milliseconds an image inside the child, and on the way to it and back: each of several children by its own clock. */
function averageTimes(before: Timings, after: Timings) {
  const count = after.inputs - before.inputs;
  return {
    work: round((after.workMs - before.workMs) / count),
    copy: round((after.copyMs - before.copyMs) / count),
  };
}

async function measureLatencies(encoder: OnnxEncoder, { seconds }: EmbedBench) {
  const sentence =
    'Axial CT image of the chest in a man with adenocarcinoma of the left upper lobe and pleural effusion';
  const pixels = noise(encoder.model.preparation.size ** 2 * 3);
  return {
    oneImageMs: await latency(() => encoder.embedImages([pixels], 'interactive'), seconds),
    oneTextMs: await latency(() => encoder.embedTexts([sentence], 'interactive'), seconds),
    tokens: encoder.model.tokenize(sentence).length,
  };
}
