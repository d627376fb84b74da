import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DualEncoder } from '../domain/dual-encoder.js';
import { SeededRandom } from '../domain/seeded-random.js';
import { encodeJpeg } from '../imaging/encode.js';

/**
 * Tokens of 32 captions: the quantiles of 994 captions of open-access articles (words and marks, 1.35 tokens each, with
 * the two special ones), in an order that is none.
 */
const captionLengths: readonly number[] = [
  55, 13, 90, 42, 185, 21, 60, 33, 26, 120, 48, 75, 10, 66, 38, 101, 24, 256, 45, 16, 82, 52, 29, 142, 36, 63, 19, 57,
  95, 40, 71, 31,
];

/** Token ids of those lengths, with the special tokens of the model. */
export function drawnCaptions(model: DualEncoder): readonly Int32Array[] {
  const endless = model.tokenize('axial ct image of the chest in a man with pleural effusion '.repeat(200));
  const [end = 0] = endless.slice(-1);
  return captionLengths.map((wanted) => {
    const ids = endless.slice(0, Math.min(wanted, model.contextLength));
    ids[ids.length - 1] = end;
    return ids;
  });
}

/** Texts of about those lengths in words, each another one. */
export function drawnTexts(count: number): readonly string[] {
  const random = new SeededRandom('texts');
  const pick = (choices: readonly string[]): string => choices[random.index(choices.length)] ?? '';
  return Array.from({ length: count }, (_, i) => {
    const words = Math.ceil((captionLengths[i % captionLengths.length] ?? 0) / 1.35);
    return Array.from({ length: words }, () => `${pick(parts)}${pick(endings)}`).join(' ');
  });
}

const parts = ['cardi', 'neur', 'hepat', 'derm', 'oste', 'path', 'cyt', 'hist', 'immun', 'angi', 'ren', 'pulm'];
const endings = ['ology', 'itis', 'oma', 'al', 'ic', 'ogram', 'oscopy', 'ary', 'ation', 'ine'];

/** Pixels that no cache and no branch can guess; the same on every run. */
export function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

const [width, height] = [1000, 750];

/** Some JPEG files of a common size (about 200 kB each), deleted after `work`. */
export async function withJpegFiles<Result>(
  count: number,
  work: (files: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-images-'));
  try {
    const grain = noise(width * height * 3);
    const files: string[] = [];
    for (let i = 0; i < count; i++) {
      const file = path.join(folder, `${i}.jpg`);
      await writeFile(file, await encodeJpeg({ width, height, data: texture(grain, i) }));
      files.push(file);
    }
    return await work(files);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Waves with some grain: as hard to decode as a photograph. */
function texture(grain: Uint8Array, seed: number): Uint8Array {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const row = 60 * Math.sin((y + 31 * seed) / (9 + seed));
    for (let x = 0; x < width; x++) {
      const wave = 128 + row * Math.cos(x / (7 + seed));
      for (let c = 0; c < 3; c++) {
        const at = (y * width + x) * 3 + c;
        data[at] = Math.max(0, Math.min(255, wave + 12 * c + (grain[at] ?? 0) / 8));
      }
    }
  }
  return data;
}
