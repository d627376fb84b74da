import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OnnxEncoder } from '../../src/adapters/onnx/onnx-encoder.js';
import { loadConfig, packageRoot } from '../../src/app/config.js';
import { encoderOptions } from '../../src/app/model-runtime.js';
import { cosine } from '../../src/domain/vector.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';
import type { Encoder } from '../../src/ports/encoder.js';
import { FakeEncoder } from '../support/fake-encoder.js';

async function starter(): Promise<Encoder> {
  const model = await new ModelRegistry(path.join(packageRoot, 'models')).load('starter');
  return new OnnxEncoder(model, encoderOptions(loadConfig({ providers: 'cpu' })));
}

/** An image of one color. */
const filled = ({ model }: Encoder, value: number): Uint8Array =>
  new Uint8Array(model.preparation.size ** 2 * 3).fill(value);

describe.each<[string, () => Promise<Encoder>]>([
  ['ONNX Runtime', starter],
  ['hashes', () => Promise.resolve(new FakeEncoder())],
])('an encoder by %s', (_what, open) => {
  let encoder: Encoder;

  beforeAll(async () => {
    encoder = await open();
    await encoder.start();
  });

  afterAll(async () => {
    await encoder.close();
  });

  const isUnit = (vector: Float32Array | undefined): boolean =>
    vector?.length === encoder.model.dimensions && Math.abs(Math.hypot(...vector) - 1) < 1e-4;

  it('is ready once it has started', () => {
    expect(encoder.status()).toMatchObject({ ready: true, provider: 'cpu', failures: [], queued: 0 });
  });

  it('gives a unit vector for each input, in their order, whatever shares the run', async () => {
    const texts = ['blood smear', 'x', 'a chest radiograph of an adult', 'x'];
    const together = await encoder.embedTexts(texts, 'bulk');
    expect(together.map(isUnit)).toEqual(texts.map(() => true));
    for (const [row, text] of texts.entries()) {
      const [alone] = await encoder.embedTexts([text], 'interactive');
      expect(cosine(together[row] ?? new Float32Array(0), alone ?? new Float32Array(0))).toBeCloseTo(1, 4);
    }
    const images = await encoder.embedImages([filled(encoder, 0), filled(encoder, 200)], 'bulk');
    expect(images.map(isUnit)).toEqual([true, true]);
    expect(images[0]).not.toEqual(images[1]);
  });

  it('answers nothing to nothing', async () => {
    expect(await encoder.embedTexts([], 'bulk')).toEqual([]);
    expect(await encoder.embedImages([], 'bulk')).toEqual([]);
  });

  it('takes its own tokens, and refuses what does not fit', async () => {
    const [byText] = await encoder.embedTexts(['gel'], 'bulk');
    const [byTokens] = await encoder.embedTokens([encoder.model.tokenize('gel')], 'bulk');
    expect(byTokens).toEqual(byText);
    const tooLong = new Int32Array(encoder.model.contextLength + 1);
    for (const tokens of [new Int32Array(0), tooLong]) {
      await expect(encoder.embedTokens([tokens], 'bulk')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    }
    await expect(encoder.embedImages([new Uint8Array(5)], 'bulk')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('tells how far an image lies in a direction, and what its patches add', async () => {
    const image = filled(encoder, 90);
    const [vector = new Float32Array(0)] = await encoder.embedImages([image], 'bulk');
    const [values = new Float32Array(0)] = await encoder.support([image], vector);
    expect(values).toHaveLength(1 + (encoder.model.support?.grid ?? 0) ** 2);
    expect(values[0]).toBeCloseTo(1, 3);
  });

  it('goes on after it gave its memory back', async () => {
    encoder.suspend();
    expect((await encoder.embedTexts(['after a pause'], 'interactive')).map(isUnit)).toEqual([true]);
  });

  it('refuses by name after its end', async () => {
    const other = await open();
    await other.close();
    await expect(other.embedTexts(['gel'], 'bulk')).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });
});
