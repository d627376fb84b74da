import type { Config } from '../config/config.js';
import { encoderOptions } from '../model-stack.js';
import { EncoderClient } from '../inference/encoder-client.js';
import { ModelRegistry } from '../models/registry.js';

const sentence = 'Axial CT image of the chest in a man with adenocarcinoma of the left upper lobe and pleural effusion';

/** Throughput and latency of a model package, as ingest and search see it: through the child, in batches. */
export async function benchEmbed(config: Config, seconds: number) {
  const model = await new ModelRegistry(config.models).load(config.model ?? 'starter');
  const encoder = new EncoderClient(model, encoderOptions(config));
  try {
    await encoder.start();
    const pixels = noise(model.imageSize ** 2 * 3);
    const images = Array.from({ length: config.inferenceBatch }, () => pixels);
    const texts = Array.from({ length: config.inferenceBatch }, () => sentence);
    const imagesPerSecond = await rate(() => encoder.embedImages(images, 'bulk'), images.length, seconds);
    const textsPerSecond = await rate(() => encoder.embedTexts(texts, 'bulk'), texts.length, seconds);
    const oneImageMs = await latency(() => encoder.embedImages([pixels], 'interactive'), seconds);
    const oneTextMs = await latency(() => encoder.embedTexts([sentence], 'interactive'), seconds);
    return {
      bench: 'embed',
      model: model.name,
      provider: encoder.status().provider,
      threads: config.inferenceThreads,
      batch: config.inferenceBatch,
      tokens: model.tokenize(sentence).length,
      imagesPerSecond,
      textsPerSecond,
      oneImageMs,
      oneTextMs,
    };
  } finally {
    await encoder.close();
  }
}

async function rate(work: () => Promise<unknown>, inputs: number, seconds: number): Promise<number> {
  await work();
  const startedAt = performance.now();
  let rounds = 0;
  while (performance.now() - startedAt < seconds * 1000) {
    await work();
    rounds += 1;
  }
  return round((rounds * inputs * 1000) / (performance.now() - startedAt));
}

async function latency(
  work: () => Promise<unknown>,
  seconds: number,
): Promise<{ p50: number; p95: number; p99: number }> {
  const times: number[] = [];
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return percentiles(times);
}

/** Nearest-rank percentiles. */
export function percentiles(values: readonly number[]): { p50: number; p95: number; p99: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Pixels that no cache and no branch can guess; the same on every run. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}
