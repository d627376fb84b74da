import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OnnxSegmenter } from '../../src/adapters/onnx/onnx-segmenter.js';
import { loadConfig, packageRoot } from '../../src/app/config.js';
import { segmenterOptions } from '../../src/app/model-runtime.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';
import type { MaskPredictor } from '../../src/ports/mask-predictor.js';
import { FakePredictor, grayInput } from '../support/fake-predictor.js';

async function starter(): Promise<MaskPredictor> {
  const model = await new ModelRegistry(path.join(packageRoot, 'models')).loadSegmenter('starter-segmenter');
  return new OnnxSegmenter(model, segmenterOptions(loadConfig({ providers: 'cpu' })));
}

describe.each<[string, () => Promise<MaskPredictor>]>([
  ['ONNX Runtime', starter],
  ['rule', () => Promise.resolve(new FakePredictor())],
])('masks by %s', (_what, open) => {
  let predictor: MaskPredictor;

  beforeAll(async () => {
    predictor = await open();
    await predictor.start();
  });

  afterAll(async () => {
    await predictor.close();
  });

  const ask = (prompt: string, size = predictor.model.sizeMultiple * 2) =>
    predictor.segment(grayInput(300, 200, size), predictor.model.tokenize(prompt), 'interactive');

  it('can be asked for once it has started', () => {
    expect(predictor.status()).toMatchObject({ ready: true, provider: 'cpu', failures: [], queued: 0 });
  });

  it('are squares of finite logits, the same for the same picture and prompt', async () => {
    const first = await ask('lung');
    expect(first.logits).toHaveLength(first.side ** 2);
    expect(first.logits.every(Number.isFinite)).toBe(true);
    expect(first.similarity.length).toBeGreaterThan(first.query);
    const [again, other] = await Promise.all([ask('lung'), ask('nothing')]);
    expect(again.logits).toEqual(first.logits);
    expect(other.logits).not.toEqual(first.logits);
  });

  it('are refused for pixels that are not a square of the size', async () => {
    const { pixels, ...input } = grayInput(300, 200, 64);
    const short = { ...input, pixels: pixels.subarray(3) };
    const ids = predictor.model.tokenize('lung');
    await expect(predictor.segment(short, ids, 'bulk')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect((await ask('lung')).side).toBeGreaterThan(0);
  });

  it('are refused by name after its end', async () => {
    const other = await open();
    await other.close();
    const ids = other.model.tokenize('lung');
    await expect(other.segment(grayInput(30, 20, 64), ids, 'bulk')).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
    });
  });
});
