import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { dot } from '../../src/domain/vector.js';
import { decodeImage } from '../../src/imaging/decode.js';
import { OnnxEncoder } from '../../src/adapters/onnx/onnx-encoder.js';
import { importOpenClip } from '../../src/model-import/open-clip/import-open-clip.js';
import { precisions, type Precision } from '../../src/domain/precision.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';
import { cosine, followedVariant, maxDifference, readCases } from './golden-cases.js';
import { describeGoldenSets } from './golden-sets.js';

const encoderOptions = { providers: ['cpu'], threads: 1, batch: 8, timeoutMs: 60_000, queue: 1000 } as const;

/** Least cosine with the official code on a checkpoint whose random weights hide no rounding. */
const least: Readonly<Record<Precision, number>> = { fp32: 0.999999, 'fp16-weights': 0.9999, fp16: 0.9999, int8: 0.99 };

/**
 * How far a batch may move a vector. In int8 a last digit that differs can round an activation to the next integer: 3.6e-3 is
 * the most that was seen, on random weights.
 */
const maxDependence: Readonly<Record<Precision, number>> = { fp32: 1e-5, 'fp16-weights': 1e-5, fp16: 1e-3, int8: 5e-3 };

describeGoldenSets('biomedclip', 'the precisions of a package', (set) => {
  const cases = readCases(set);
  const modelsDir = mkdtempSync(path.join(tmpdir(), 'precisions-'));
  const encoders = new Map<Precision, OnnxEncoder>();
  let crops: Uint8Array[] = [];

  beforeAll(async () => {
    for (const precision of precisions) {
      await importOpenClip(set.modelFolder(), { name: precision, modelsDir, precision });
      encoders.set(precision, new OnnxEncoder(await new ModelRegistry(modelsDir).load(precision), encoderOptions));
    }
    const files = cases.images.map((image) => path.join(set.folder, followedVariant(image).crop));
    crops = await Promise.all(files.map(async (file) => (await decodeImage(readFileSync(file))).image.data));
  });

  afterAll(async () => {
    for (const encoder of encoders.values()) await encoder.close();
    await rm(modelsDir, { recursive: true });
  });

  const encoderOf = (precision: Precision): OnnxEncoder => {
    const encoder = encoders.get(precision);
    if (encoder === undefined) throw new Error(`${precision} was not imported`);
    return encoder;
  };
  const tokens = cases.texts.map(({ ids }) => Int32Array.from(ids.slice(0, 256)));

  it.each(precisions)('embed the golden images and texts as the official code does: %s', async (precision) => {
    const images = await encoderOf(precision).embedImages(crops, 'bulk');
    const texts = await encoderOf(precision).embedTokens(tokens, 'bulk');
    const expected = [...cases.images.map(followedVariant), ...cases.texts];
    const cosines = [...images, ...texts].map((vector, row) => cosine(vector, expected[row]?.normalized ?? []));
    expect(cosines).toHaveLength(cases.images.length + cases.texts.length);
    expect(Math.min(...cosines)).toBeGreaterThan(least[precision]);
  });

  it.each(precisions)('give an input the same vector alone and among others: %s', async (precision) => {
    const encoder = encoderOf(precision);
    const together = [
      ...(await encoder.embedImages(crops.slice(0, 8), 'bulk')),
      ...(await encoder.embedTokens(tokens.slice(0, 8), 'bulk')),
    ];
    const alone: Float32Array[] = [];
    for (const crop of crops.slice(0, 8)) alone.push(...(await encoder.embedImages([crop], 'bulk')));
    for (const ids of tokens.slice(0, 8)) alone.push(...(await encoder.embedTokens([ids], 'bulk')));
    const differences = together.map((vector, row) => maxDifference(vector, alone[row] ?? []));
    expect(Math.max(...differences)).toBeLessThan(maxDependence[precision]);
  });

  it.each(precisions)('tell what supports a direction: %s', async (precision) => {
    const [direction = new Float32Array()] = await encoderOf('fp32').embedTokens(tokens.slice(0, 1), 'bulk');
    const [exact = new Float32Array()] = await encoderOf('fp32').support(crops.slice(0, 1), direction);
    const [support = new Float32Array()] = await encoderOf(precision).support(crops.slice(0, 1), direction);
    const [embedding = new Float32Array()] = await encoderOf(precision).embedImages(crops.slice(0, 1), 'bulk');
    expect(Math.abs((support[0] ?? NaN) - dot(embedding, direction))).toBeLessThan(0.02);
    expect(cosine(support, exact)).toBeGreaterThan(0.99);
  });

  it('have a version each, and int8 takes less than half the space', async () => {
    const manifests = await new ModelRegistry(modelsDir).list();
    expect(new Set(manifests.map(({ version }) => version)).size).toBe(precisions.length);
    const bytesOf = (precision: Precision): number =>
      ['image.data', 'text.data'].reduce((sum, file) => sum + statSync(path.join(modelsDir, precision, file)).size, 0);
    expect(bytesOf('int8')).toBeLessThan(0.5 * bytesOf('fp32'));
    expect(bytesOf('fp16')).toBeLessThan(0.51 * bytesOf('fp32'));
  });
});
