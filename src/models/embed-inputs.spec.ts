import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { FakeEncoder } from '../../test/support/fake-encoder.js';
import { FigseekError } from '../domain/errors.js';
import type { ReadImage } from '../ports/image-reader.js';
import { EmbedInputs, type EmbeddableInputs, type EmbeddedInput } from './embed-inputs.js';
import { localOperator } from '../domain/viewer.js';

/** Takes the bytes of a file for its pixels, and refuses an empty one. */
const reader = {
  read: (image: unknown): Promise<ReadImage> => {
    const bytes = image instanceof Uint8Array ? image : new Uint8Array(0);
    if (bytes.length === 0) return Promise.reject(new FigseekError('UNSUPPORTED_MEDIA', 'It is no image'));
    const pixels = new Uint8Array(48).fill(bytes[0] ?? 0);
    return Promise.resolve({ width: 4, height: 4, isTransposed: false, pages: 1, range: null, pixels });
  },
};

describe('embedding inputs', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'inputs-'));
  const fileOf = (name: string, content: string): string => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };

  async function embed(inputs: Partial<EmbeddableInputs>): Promise<readonly EmbeddedInput[]> {
    const all: EmbeddedInput[] = [];
    const embedding = new EmbedInputs(new FakeEncoder(), reader);
    for await (const one of embedding.run(localOperator, { images: [], texts: [], tokenIds: [], ...inputs }))
      all.push(one);
    return all;
  }

  it('gives a vector for each input, in their order', async () => {
    const [a, b] = [fileOf('a', 'a'), fileOf('b', 'b')];
    const found = await embed({ tokenIds: [[103, 101, 108]], texts: ['gel', 'blot'], images: [b, a] });
    expect(found.map(({ kind, input }) => [kind, input])).toEqual([
      ['image', b],
      ['image', a],
      ['text', 'gel'],
      ['text', 'blot'],
      ['token-ids', '[103,101,108]'],
    ]);
    // The fake tokenizer gives the letters of “gel”.
    expect(found.at(-1)?.vector).toEqual(found[2]?.vector);
    expect(found.every(({ vector }) => Math.abs(Math.hypot(...vector) - 1) < 1e-4)).toBe(true);
  });

  it('goes through more inputs than one batch holds', async () => {
    const texts = Array.from({ length: 70 }, (_, i) => `text ${i}`);
    expect((await embed({ texts })).map(({ input }) => input)).toEqual(texts);
  });

  it('names the file that cannot be read', async () => {
    const [absent, empty] = [path.join(folder, 'absent'), fileOf('empty', '')];
    await expect(embed({ images: [absent] })).rejects.toThrow(`${absent} cannot be read`);
    await expect(embed({ images: [empty] })).rejects.toMatchObject({
      code: 'UNSUPPORTED_MEDIA',
      message: `${empty}: It is no image`,
    });
  });
});
