import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeImage } from '../../src/imaging/decode.js';
import { encodeJpeg } from '../../src/imaging/encode.js';
import type { RawImage } from '../../src/domain/raw-image.js';
import { newPlace, run } from './figseek-process.js';

/** A drawn figure with its caption. */
export interface DrawnFigure {
  readonly id: string;
  readonly caption: string;
  readonly image: RawImage;
  readonly jpeg: Buffer;
  /** Names of the objects in it. */
  readonly objects: readonly string[];
}

interface SampleRecord {
  readonly id: string;
  readonly caption: string;
  readonly image: string;
  readonly masks?: readonly { readonly prompt: string }[];
}

/** Figures that figseek draws, to be written in the layouts of public sets. */
export async function drawFigures(count: number): Promise<readonly DrawnFigure[]> {
  const folder = newSetFolder();
  const { code, stderr } = await run(newPlace(), ['samples', 'write', folder, '--count', String(count)]);
  if (code !== 0) throw new Error(stderr);
  const lines = readFileSync(path.join(folder, 'figures.jsonl'), 'utf8').trim().split('\n');
  return Promise.all(
    lines.map(async (line) => {
      const { id, caption, image: file, masks = [] } = JSON.parse(line) as SampleRecord;
      const { image } = await decodeImage(readFileSync(path.join(folder, file)));
      return { id, caption, image, jpeg: await encodeJpeg(image), objects: masks.map(({ prompt }) => prompt) };
    }),
  );
}

export function newSetFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'public-set-'));
}

/** Writes a file, and the folders that it lies in. @returns its place */
export function put(folder: string, name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** A square in the middle of an image, as PatchCamelyon's patches are. */
export function centerOf({ width, height, data }: RawImage, side: number): Uint8Array {
  const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
  const rows = Array.from({ length: side }, (_, row) => {
    const start = 3 * ((top + row) * width + left);
    return data.subarray(start, start + 3 * side);
  });
  return Buffer.concat(rows);
}

/** A labeled set of the same images, which `figseek eval FILE` reads. @returns its file */
export function putLabeledSet(folder: string, records: readonly object[]): string {
  return put(folder, 'labeled.jsonl', records.map((record) => JSON.stringify(record)).join('\n'));
}
