import type { RawImage } from '../../src/domain/raw-image.js';
import { sampleCorpus } from '../../src/samples/corpus.js';
import type { HeatMap } from '../../src/search/heat-windows.js';

/** A thing in a drawing, with the words for it. */
export interface NamedThing {
  readonly image: RawImage;
  readonly text: string;
  /** 255 inside, one byte a pixel. */
  readonly mask: Uint8Array;
}

// Another seed than the samples', and than what the starter was trained on.
const seed = 4242;

/** The masked objects of single drawings; none that fills more than half: there everything points at it. */
export function objectsOfDrawings(count: number): readonly NamedThing[] {
  return sampleCorpus({ count, seed }).flatMap((record) => {
    const { image, masks } = record.drawWithMasks();
    return masks
      .map(({ prompt, mask }) => ({ image, text: prompt, mask }))
      .filter((thing) => areaShare(thing) > 0 && areaShare(thing) < 0.5);
  });
}

/** Compound figures of four panels of different kinds; each kind's name is to point at its panel. */
export function panelsOfCompounds(compounds: number): readonly NamedThing[] {
  const records = sampleCorpus({ count: 4 * compounds, seed }).filter(({ modality }) => modality !== 'compound');
  const things: NamedThing[] = [];
  for (let from = 0; things.length < 4 * compounds && from + 4 <= records.length; from += 4) {
    const four = records.slice(from, from + 4);
    if (new Set(four.map(({ labels }) => labels[0])).size === 4) things.push(...compound(four));
  }
  return things;
}

/** Whether the hottest cell lies on the thing. */
export function pointsAt({ columns, rows, values }: HeatMap, { image, mask }: NamedThing): boolean {
  const hottest = values.indexOf(Math.max(...values));
  const x = Math.floor((((hottest % columns) + 0.5) * image.width) / columns);
  const y = Math.floor(((Math.floor(hottest / columns) + 0.5) * image.height) / rows);
  return (mask[y * image.width + x] ?? 0) > 127;
}

/** What a blind guess would hit. */
export function areaShare({ mask }: NamedThing): number {
  return mask.reduce((sum, value) => sum + (value > 127 ? 1 : 0), 0) / mask.length;
}

function compound(records: readonly { readonly labels: readonly string[]; draw(): RawImage }[]): readonly NamedThing[] {
  const [side, gap] = [208, 16];
  const size = 2 * (side + gap);
  const data = new Uint8Array(size * size * 3).fill(255);
  const masks = records.map((record, i) => {
    const panel = record.draw();
    const mask = new Uint8Array(size * size);
    const [left, top] = [gap / 2 + (i % 2) * (side + gap), gap / 2 + Math.floor(i / 2) * (side + gap)];
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const from = Math.floor((y * panel.height) / side) * panel.width + Math.floor((x * panel.width) / side);
        const to = (top + y) * size + left + x;
        data.set(panel.data.subarray(3 * from, 3 * from + 3), 3 * to);
        mask[to] = 255;
      }
    }
    return mask;
  });
  const image = { width: size, height: size, data };
  return masks.map((mask, i) => ({ image, text: records[i]?.labels[0] ?? '', mask }));
}
