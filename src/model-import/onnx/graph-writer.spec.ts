import { mkdtempSync, readFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { GraphWriter } from './graph-writer.js';

describe('the graph writer', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('writes all weights also where the disk takes a few bytes at a time', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'graph-'));
    const probe = await open(folder, 'r');
    const prototype = Object.getPrototypeOf(probe) as { write: (...given: unknown[]) => unknown };
    await probe.close();
    const write = prototype.write;
    jest.spyOn(prototype, 'write').mockImplementation(function (this: FileHandle, ...given: unknown[]) {
      const [bytes, from, length, at] = given as [Buffer, number, number, number];
      return write.call(this, bytes, from, Math.min(length, 3), at);
    });
    const writer = await GraphWriter.create(folder, 'image');
    const values = Float32Array.of(1, 2, 3, 4);
    await writer.store(values, [4]);
    await writer.finish();
    expect(readFileSync(path.join(folder, 'image.data'))).toEqual(Buffer.from(values.buffer));
  });
});
