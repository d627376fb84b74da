import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { OnnxSegmenter } from '../../src/adapters/onnx/onnx-segmenter.js';
import { postprocessMask } from '../../src/masks/postprocess-mask.js';
import { importBiomedParse } from '../../src/model-import/biomedparse/import-biomedparse.js';
import { computePlacement } from '../../src/imaging/preprocess/biomedparse-preprocess.js';
import type { Precision } from '../../src/domain/precision.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';
import { GoldenFiles } from './biomedparse-cases.js';
import { describeGoldenSets } from './golden-sets.js';

const options = { providers: ['cpu'], threads: 1, timeoutMs: 60_000, queue: 100, cacheBytes: 2 ** 28 } as const;

describeGoldenSets('biomedparse', 'BiomedParse in lower precisions', (set) => {
  const files = new GoldenFiles(set);
  const modelsDir = mkdtempSync(path.join(tmpdir(), 'half-segmenters-'));

  afterAll(async () => {
    await rm(modelsDir, { recursive: true });
  });

  // Random weights forgive no rounding: thresholds of the attention lie near every value. 0.972 and 0.977 are the least.
  it.each(['fp16-weights', 'fp16'] as const)('matches the official queries and masks: %s', async (precision) => {
    const judged = await judge(precision);
    expect(judged.filter(({ isSameQuery }) => !isSameQuery)).toEqual([]);
    const dices = judged.map(({ dice }) => dice);
    expect(Math.min(...dices)).toBeGreaterThan(0.95);
    expect(dices.reduce((sum, dice) => sum + dice, 0) / dices.length).toBeGreaterThan(0.99);
  });

  it('refuses a precision that the network does not bear, saying which it bears', async () => {
    await expect(importBiomedParse(set.modelFolder(), { name: 'int8', modelsDir, precision: 'int8' })).rejects.toThrow(
      /imported as fp32, fp16-weights or fp16, not as int8/,
    );
  });

  async function judge(precision: Precision) {
    await importBiomedParse(set.modelFolder(), { name: precision, modelsDir, precision });
    const client = new OnnxSegmenter(await new ModelRegistry(modelsDir).loadSegmenter(precision), options);
    const judged: { id: string; isSameQuery: boolean; dice: number }[] = [];
    for (const { id, image, network_input: file, size, ids, matched_query: query, mask } of files.cases().end_to_end) {
      const placement = computePlacement(await files.image(image));
      const input = { pixels: (await files.image(file)).data, size, placement };
      const raw = await client.segment(input, Int32Array.from(ids), 'bulk');
      const official = await files.mask(mask.file);
      const drawn = postprocessMask(raw, input, null).mask;
      judged.push({ id, isSameQuery: raw.query === query, dice: diceOf(drawn.data, official.data) });
    }
    await client.close();
    return judged;
  }
});

function diceOf(one: Uint8Array, other: Uint8Array): number {
  let [both, sum] = [0, 0];
  one.forEach((inside, i) => {
    both += inside * (other[i] ?? 0);
    sum += inside + (other[i] ?? 0);
  });
  return sum === 0 ? 1 : (2 * both) / sum;
}
