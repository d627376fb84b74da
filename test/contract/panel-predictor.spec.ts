import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OnnxPanelDetector } from '../../src/adapters/onnx/onnx-panel-detector.js';
import { importDabDetr } from '../../src/model-import/dab-detr/import-dab-detr.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';
import type { PanelPredictor } from '../../src/ports/panel-predictor.js';
import { repositorySet } from '../golden/golden-sets.js';
import { FakePanelPredictor } from '../support/fake-panel-predictor.js';

const options = { providers: ['cpu'], threads: 1, batch: 4, timeoutMs: 60_000, queue: 100 } as const;
const modelsDir = mkdtempSync(path.join(tmpdir(), 'contract-detectors-'));

async function narrow(): Promise<PanelPredictor> {
  await importDabDetr(repositorySet('dab-detr').modelFolder(), { name: 'narrow', modelsDir, replace: true });
  return new OnnxPanelDetector(await new ModelRegistry(modelsDir).loadPanelDetector('narrow'), options);
}

describe.each<[string, () => Promise<PanelPredictor>]>([
  ['ONNX Runtime', narrow],
  ['rule', () => Promise.resolve(new FakePanelPredictor(2))],
])('panels by %s', (_what, open) => {
  let predictor: PanelPredictor;
  const image = (seed: number) => {
    const { size } = predictor.model.preparation;
    return Uint8Array.from({ length: size * size * 3 }, (_, i) => (i * seed) % 251);
  };

  beforeAll(async () => {
    predictor = await open();
  });

  afterAll(async () => {
    await predictor.close();
  });

  it('are boxes and scores of finite numbers, four numbers a box, as many scores for each', async () => {
    const { boxes, scores } = await predictor.detect(image(7));
    expect(boxes.length % 4).toBe(0);
    expect(scores.length % (boxes.length / 4)).toBe(0);
    expect([...boxes, ...scores].every((value) => Number.isFinite(value))).toBe(true);
    expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
  });

  it('are the same for an image alone and beside others', async () => {
    const alone = await predictor.detect(image(7));
    const [, beside] = await Promise.all([3, 7, 11].map((seed) => predictor.detect(image(seed))));
    const differences = alone.boxes.map((value, at) => Math.abs(value - (beside?.boxes[at] ?? 9)));
    expect(Math.max(...differences)).toBeLessThan(1e-5);
  });

  it('are refused for pixels that are not a square of the size', async () => {
    await expect(predictor.detect(image(7).subarray(3))).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('are refused by name after its end', async () => {
    const other = await open();
    await other.close();
    await expect(other.detect(image(7))).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });
});
