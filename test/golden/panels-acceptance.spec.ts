import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import type { FoundPanel } from '../../src/domain/found-panel.js';
import { decodeImage } from '../../src/imaging/decode.js';
import { findPanels } from '../../src/imaging/panels/find-panels.js';
import { describeWithShared, sharedDir } from '../support/shared.js';

interface Labeled {
  readonly id: string;
  readonly image: string;
  readonly caption: string | null;
  readonly split: boolean;
  readonly panels: readonly { readonly label: string; readonly box: Box; readonly text: string | null }[];
}

type Box = readonly [x: number, y: number, width: number, height: number];

const folder = path.join(sharedDir, 'data/acceptance/panels/open');

async function panelsOf({ image, caption }: Labeled): Promise<readonly FoundPanel[]> {
  const inShared = path.join(sharedDir, '..', image);
  const bytes = readFileSync(existsSync(inShared) ? inShared : path.join(folder, image));
  return findPanels((await decodeImage(bytes)).image, caption ?? '').panels;
}

function overlap([x, y, width, height]: Box, { box }: FoundPanel): number {
  const across = Math.max(0, Math.min(x + width, box.x + box.width) - Math.max(x, box.x));
  const down = Math.max(0, Math.min(y + height, box.y + box.height) - Math.max(y, box.y));
  return (across * down) / (width * height + box.width * box.height - across * down);
}

const words = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];

/** F1 of the words of two texts. */
function likeness(one: string, other: string): number {
  const [a, left] = [words(one), [...words(other)]];
  const length = a.length + left.length;
  let both = 0;
  for (const word of a) {
    const at = left.indexOf(word);
    if (at < 0) continue;
    left.splice(at, 1);
    both++;
  }
  return (2 * both) / Math.max(1, length);
}

describeWithShared('panels of figures that were labeled by hand', () => {
  it('are found at IoU 0.75 with a precision of .90, with their letters and texts, and no other figure is cut', async () => {
    const lines = readFileSync(path.join(folder, 'panels.jsonl'), 'utf8').trim().split('\n');
    const counts = { panels: 0, answered: 0, found: 0, letters: 0, texts: 0, told: 0, whole: 0, wronglyCut: 0 };
    for (const line of lines) {
      const labeled = JSON.parse(line) as Labeled;
      const answered = await panelsOf(labeled);
      if (!labeled.split) {
        counts.whole++;
        counts.wronglyCut += Number(answered.length > 0);
        continue;
      }
      counts.panels += labeled.panels.length;
      counts.answered += answered.length;
      for (const { label, box, text } of labeled.panels) {
        const match = answered.find((panel) => overlap(box, panel) >= 0.75);
        if (match === undefined) continue;
        counts.found++;
        counts.letters += Number(match.label === label);
        if (text === null || text === '') continue;
        counts.told++;
        counts.texts += Number(likeness(text, match.caption) >= 0.8);
      }
    }
    expect(counts.whole).toBeGreaterThanOrEqual(20);
    expect(counts.wronglyCut / counts.whole).toBeLessThanOrEqual(0.02);
    expect(counts.found / counts.answered).toBeGreaterThanOrEqual(0.9);
    expect(counts.found / counts.panels).toBeGreaterThanOrEqual(0.8);
    expect(counts.letters / counts.found).toBeGreaterThanOrEqual(0.95);
    expect(counts.texts / counts.told).toBeGreaterThanOrEqual(0.95);
  });
});
