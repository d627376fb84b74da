import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { deflated, writeTiff } from '../support/tiff-writer.js';

export const largeSide = 3000;

/** A folder with one TIFF of floating point numbers, which take a second to read. @returns the folder */
export function writeLargePicture(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'figseek-large-'));
  const values = Float32Array.from({ length: largeSide ** 2 }, (_, i) => Math.sin(i / 1000) * (i % largeSide));
  const parts = [deflated(new Uint8Array(values.buffer))];
  const shape = { width: largeSide, height: largeSide, bits: 32, format: 3, compression: 8 } as const;
  writeFileSync(path.join(folder, 'large.tif'), writeTiff({ ...shape, parts }));
  return folder;
}

/** A PNG of one gray, by hand: a picture of 900 megapixels in 900 KB. */
export function drawnPng(width: number, height: number): Uint8Array<ArrayBuffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits of gray.
  header[8] = 8;
  // Past what a server decodes no row is looked at.
  const rows = Math.min(height, 10_000);
  const pixels = deflateSync(Buffer.alloc((width + 1) * rows), { level: 9 });
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return new Uint8Array(
    Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]),
  );
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
