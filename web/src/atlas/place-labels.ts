import type { AtlasPoints } from './points';
import { toScreen, type Point, type Size, type ViewBox } from './view-box';

/** The words of a cluster, where its middle lies on the map, and how far up most of its points reach. */
export interface MapLabel extends Point {
  readonly text: string;
  readonly cluster: number;
  readonly top: number;
}

/** A label with the place of its middle on the screen. */
export interface PlacedLabel extends Point {
  readonly text: string;
  readonly cluster: number;
}

const lineHeight = 20;
const letterWidth = 6.6;
const gap = 6;
/** So far above its cluster, so that the points there are seen. */
const above = 16;
/** Standard deviations from the middle of a cluster to where its points end. */
const reach = 1.8;
const maxLabels = 40;

/** The labels of clusters that have points of the map, the largest first. */
export function labelsOf({ clusters, cluster, x, y }: AtlasPoints): readonly MapLabel[] {
  const sums = clusters.map(() => ({ x: 0, y: 0, squares: 0, count: 0 }));
  cluster.forEach((number, row) => {
    const sum = sums[number];
    if (sum === undefined) return;
    sum.x += x[row] ?? 0;
    sum.y += y[row] ?? 0;
    sum.squares += (y[row] ?? 0) ** 2;
    sum.count++;
  });
  return sums
    .map(({ x: sumX, y: sumY, squares, count }, number) => ({
      ...{ cluster: number, count, text: clusters[number]?.words.slice(0, 2).join(' · ') ?? '' },
      ...{ x: sumX / count, y: sumY / count },
      top: sumY / count - reach * Math.sqrt(Math.max(0, squares / count - (sumY / count) ** 2)),
    }))
    .filter(({ count, text }) => count > 0 && text !== '')
    .sort((one, other) => other.count - one.count);
}

/** Labels that fit on the screen without lying on each other; of two, the larger cluster's is kept. */
export function placeLabels(labels: readonly MapLabel[], view: ViewBox, size: Size): readonly PlacedLabel[] {
  const placed: (PlacedLabel & { readonly half: number })[] = [];
  for (const { text, cluster, top, ...at } of labels) {
    const { x, y: middle } = toScreen(view, size, at);
    const wanted = toScreen(view, size, { x: at.x, y: top }).y - above;
    // Of a cluster whose upper end is not seen, the words stay in view.
    const y = Math.max(wanted, Math.min(middle, lineHeight + 1));
    const half = (text.length * letterWidth) / 2;
    const isSeen = x > half && x < size.width - half && y > lineHeight && y < size.height - lineHeight;
    const isFree = placed.every(
      (other) => Math.abs(other.x - x) > half + other.half + gap || Math.abs(other.y - y) > lineHeight,
    );
    if (isSeen && isFree) placed.push({ text, cluster, x, y, half });
    if (placed.length === maxLabels) break;
  }
  return placed;
}
