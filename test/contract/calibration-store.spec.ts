import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CalibrationFile } from '../../src/adapters/onnx/calibration-file.js';
import type { CalibrationStore } from '../../src/ports/calibration-store.js';
import { MemoryCalibrationStore } from '../support/memory-calibration-store.js';

const [one, other] = ['1'.repeat(64), '2'.repeat(64)];
const measured = { threads: 2, batch: 8, tokens: 512, imagesPerSecond: 12.5 };

describe.each<[string, () => CalibrationStore]>([
  ['a file', () => new CalibrationFile(path.join(mkdtempSync(path.join(tmpdir(), 'measured-')), 'calibration.json'))],
  ['memory', () => new MemoryCalibrationStore()],
])('a calibration store in %s', (_where, open) => {
  it('keeps what was measured of a model by its providers, and replaces it', async () => {
    const store = open();
    expect(await store.read(one, ['cpu'])).toBeNull();
    await store.write(one, ['cpu'], { ...measured, batch: 1 });
    await store.write(one, ['cpu'], measured);
    expect(await store.read(one, ['cpu'])).toEqual(measured);
    expect([await store.read(other, ['cpu']), await store.read(one, ['cuda', 'cpu'])]).toEqual([null, null]);
  });
});
