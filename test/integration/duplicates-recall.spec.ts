import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { DuplicatesMeasurement, MeasuredEdit, MeasuredPair } from '../../src/bench/bench-duplicates.js';
import { newPlace, run, writeCorpus } from '../support/figseek-process.js';
import { describeWithShared, sharedDir } from '../support/shared.js';

/** What share of copies with each change has to be found (acceptance of the search for duplicates). */
const bars: readonly (readonly [edits: readonly string[], share: number])[] = [
  [['half size', 'double size', 'JPEG 40', 'half size at JPEG 40'], 0.99],
  [['dark border', 'grayscale', 'mirrored', 'rotated by 90°'], 0.95],
  [['crop of 80 %'], 0.8],
];

const edits = bars.flatMap(([names]) => names);

/** In a process of its own: numbers are computed many times slower where tests run. */
async function measure(source: string, copies: number): Promise<readonly DuplicatesMeasurement[]> {
  const args = ['bench', 'duplicates', source, '--copies', String(copies), '--changes', edits.join(','), '--json'];
  const { code, stdout, stderr } = await run(newPlace(), args);
  if (code !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as DuplicatesMeasurement);
}

/** Every figure of this many. */
const step = 36;

/** A folder with some of the real figures. */
function realFigures(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'real-figures-'));
  const lines = readFileSync(path.join(sharedDir, 'data/figures.jsonl'), 'utf8').trim().split('\n');
  lines.forEach((line, place) => {
    const { image } = JSON.parse(line) as { image: string };
    if (place % step === 0) copyFileSync(path.join(sharedDir, 'data', image), path.join(folder, path.basename(image)));
  });
  return folder;
}

/** @param allowance by how much less may be found */
function itKeepsTheBars(source: () => Promise<string>, copies: number, allowance = 0): void {
  let measured: readonly DuplicatesMeasurement[];

  beforeAll(async () => {
    measured = await measure(await source(), copies);
  }, 600_000);

  it.each(bars)('finds copies: %j, a share of %d', (names, share) => {
    const found = measured.filter((one): one is MeasuredEdit => one.measure === 'copies' && names.includes(one.edit));
    expect(found.map(({ edit }) => edit)).toEqual(names);
    for (const one of found) {
      expect({ ...one, isEnough: one.found >= (share - allowance) * one.copies }).toMatchObject({ isEnough: true });
    }
  });

  it('takes no two different pictures for the same', () => {
    const pairs = measured.filter((one): one is MeasuredPair => one.measure === 'pair');
    expect(pairs.filter(({ isSame }) => isSame)).toEqual([]);
  });

  it('names what was done, and hides no copy that was mirrored, rotated or cropped', () => {
    const changed = measured.filter(
      (one): one is MeasuredEdit => one.measure === 'copies' && /mirror|rotat|crop/.test(one.edit),
    );
    expect(changed.length).toBe(3);
    for (const one of changed) {
      // A picture that is its own mirror image may be called unchanged.
      expect(one.named).toBeGreaterThanOrEqual(0.9 * one.found);
      expect({ edit: one.edit, same: one.same }).toMatchObject({ same: 0 });
    }
  });
}

describe('copies of drawn figures', () => {
  // One in fifteen is an OCT scan with drawn noise at every pixel, of which JPEG leaves another noise.
  itKeepsTheBars(() => writeCorpus(40), 14, 0.09);
});

describeWithShared('copies of real figures', () => {
  itKeepsTheBars(() => Promise.resolve(realFigures()), 25);
});
