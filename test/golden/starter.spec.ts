import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/app/config.js';
import type { DualEncoder } from '../../src/domain/dual-encoder.js';
import { OnnxEncoder } from '../../src/adapters/onnx/onnx-encoder.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';
import { sampleCorpus } from '../../src/samples/corpus.js';
import { maxDifference } from './golden-cases.js';

interface StarterCases {
  readonly texts: readonly { readonly text: string; readonly ids: number[]; readonly embedding: number[] }[];
  readonly images: readonly { readonly id: string; readonly crop_sha256: string; readonly embedding: number[] }[];
}

// Written by tools/starter/golden.py: what open_clip and PyTorch say of the checkpoint that the package was made from.
const cases = JSON.parse(readFileSync(path.join(packageRoot, 'test/golden/starter.json'), 'utf8')) as StarterCases;

describe('the starter model against PyTorch', () => {
  let model: DualEncoder;
  let encoder: OnnxEncoder;

  beforeAll(async () => {
    model = await new ModelRegistry(path.join(packageRoot, 'models')).load('starter');
    encoder = new OnnxEncoder(model, { providers: ['cpu'], threads: 1, batch: 8, timeoutMs: 60_000, queue: 100 });
  });

  afterAll(async () => {
    await encoder.close();
  });

  it.each(cases.texts)('gives the ids and the embedding of “$text”', async ({ text, ids, embedding }) => {
    expect([...model.tokenize(text)]).toEqual(ids);
    const [vector] = await encoder.embedTexts([text], 'bulk');
    expect(maxDifference(vector ?? [], embedding)).toBeLessThan(1e-4);
  });

  it('gives the crops and the embeddings of drawn figures', async () => {
    const drawn = [...sampleCorpus({ count: 8, seed: 1 })].slice(0, cases.images.length);
    expect(drawn.map(({ id }) => id)).toEqual(cases.images.map(({ id }) => id));
    const crops = drawn.map(({ draw }) => model.preprocess(draw()));
    const sums = crops.map((crop) => createHash('sha256').update(crop).digest('hex'));
    expect(sums).toEqual(cases.images.map((image) => image.crop_sha256));
    const vectors = await encoder.embedImages(crops, 'bulk');
    // A list without a vector would pass the loop below.
    expect(vectors).toHaveLength(2);
    vectors.forEach((vector, row) => {
      expect(maxDifference(vector, cases.images[row]?.embedding ?? [])).toBeLessThan(1e-4);
    });
  });
});
