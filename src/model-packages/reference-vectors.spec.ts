import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { readReferenceVectors } from './reference-vectors.js';

it.each(['{"format":1,', '{"format":1,"version":"a","images":[["x"]],"texts":[]}'])(
  'tells in one line that kept vectors are damaged (%s), and to delete them',
  async (content) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'package-'));
    writeFileSync(path.join(folder, 'golden.json'), content);
    await expect(readReferenceVectors(folder, 'a')).rejects.toMatchObject({
      name: 'FigseekError',
      message: expect.stringMatching(/^The file .*golden\.json is damaged \(.*\): delete it[^\n]*$/),
    });
  },
);
