import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { BytePairs } from '../../src/model-packages/open-clip/byte-pairs.js';
import { padAndResize, pad, computePlacement } from '../../src/imaging/preprocess/biomedparse-preprocess.js';
import { promptTokens } from '../../src/model-packages/biomedparse/prompt-tokens.js';
import { GoldenFiles } from './biomedparse-cases.js';
import { describeGoldenSets } from './golden-sets.js';

/** Flat areas sit on whole numbers, where the last digit of a sum decides what truncation gives (README of the set). */
const flat = /^(?:flat-figure|large.*)$/;

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Share of bytes that differ, and by how much at most. */
function difference(a: Uint8Array, b: Uint8Array): { readonly share: number; readonly most: number } {
  let [count, most] = [0, 0];
  a.forEach((value, i) => {
    const off = Math.abs(value - (b[i] ?? -256));
    if (off > 0) count += 1;
    most = Math.max(most, off);
  });
  return { share: a.length === b.length ? count / a.length : 1, most };
}

describeGoldenSets('biomedparse', 'the inputs of BiomedParse', (set) => {
  const files = new GoldenFiles(set);
  const cases = files.cases();

  it.each(cases.preprocessing)('pads “$id” as the official reader', async ({ image, padded: expected }) => {
    const picture = await files.image(image);
    const { width, height, data } = pad(picture, computePlacement(picture));
    const { top, left } = computePlacement(picture);
    expect({ width, height, top, left, sha256: sha256(data) }).toEqual(expected);
  });

  it('refuses a strip whose square would not fit into memory', () => {
    const strip = { width: 20_000, height: 10, data: new Uint8Array(20_000 * 10 * 3) };
    expect(() => padAndResize(strip, 64)).toThrow(/at most 8192 pixels a side.* received 20000 × 10/);
  });

  it.each(cases.preprocessing)('resizes “$id” as the official reader', async ({ id, image, resized }) => {
    const picture = await files.image(image);
    for (const { size, sha256: expected, samples, file } of resized) {
      const { pixels } = padAndResize(picture, size);
      if (!flat.test(id)) {
        expect({ size, sha256: sha256(pixels) }).toEqual({ size, sha256: expected });
        continue;
      }
      for (const [y, x, ...color] of samples) {
        const at = (y * size + x) * 3;
        expect(difference(pixels.slice(at, at + 3), Uint8Array.from(color)).most).toBeLessThanOrEqual(1);
      }
      if (file === undefined) continue;
      const { share, most } = difference(pixels, (await files.image(file)).data);
      expect(share).toBeLessThanOrEqual(0.05);
      expect(most).toBeLessThanOrEqual(1);
    }
  });

  const tokenizer = new BytePairs(files.text('vocab.json'), files.text('merges.txt'), 77);

  it.each(cases.tokenisation)('gives the reference ids for “$text”', ({ text, ids, length, ids_without_ftfy }) => {
    const found = [...promptTokens(tokenizer, text)];
    const asOfficial = [...found, ...Array<number>(77 - found.length).fill(found.at(-1) ?? 0)];
    expect([ids, ids_without_ftfy]).toContainEqual(asOfficial);
    if (ids_without_ftfy === undefined) expect(found).toHaveLength(length);
  });

  it.each(cases.tokenisation_special)('refuses “$text”, whose mark would move the pooled place', ({ text }) => {
    expect(() => promptTokens(tokenizer, text)).toThrow(/must not hold <\|endoftext\|>/);
    expect(() => promptTokens(tokenizer, text.toUpperCase())).toThrow(/must not hold/);
  });

  it('refuses a prompt that is far longer than the model reads', () => {
    expect(() => promptTokens(tokenizer, 'a'.repeat(2001))).toThrow(/at most 2000 characters/);
  });
});
