import type { Box } from '../../domain/figure.js';
import type { PictureChange, PictureLikeness } from '../../domain/picture-likeness.js';
import type { RawImage } from '../../domain/raw-image.js';
import { countKind, type BlockMap } from './block-map.js';
import { contentBox, type Frame } from './content-box.js';
import type { Position } from './patch-code.js';
import type { Comparison } from './picture-comparison.js';
import { positionOf, scaleOf, type Placement } from './placement.js';

/** What a comparison says in numbers. */
interface Measures {
  /** Blocks that show the same, may differ by noise, and show something else. */
  readonly equal: number;
  readonly different: number;
  readonly changed: number;
  /** Share of the blocks that show something in both pictures and are equal. */
  readonly share: number;
  readonly correlation: number;
  readonly position: Position;
  /** How far the placement is from one scale and a position: the sine of an angle, or a difference of scales. */
  readonly skew: number;
  /** Size of the second picture's pixels for one of the first one's, in the images as they are. */
  readonly scale: number;
  readonly gain: number;
  readonly offset: number;
  readonly colorDifference: number;
  /** Share of what is not border of each picture that lies in the other. */
  readonly covers: readonly [first: number, second: number];
  /** Share of each whole picture that lies in the other. */
  readonly wholes: readonly [first: number, second: number];
}

/** Measured on 1,449 real figures (docs/search.md). Two pictures have something in common from these limits on. */
const whole = { equal: 6, share: 0.85, skew: 0.02 };
/** A part of them, where the rest differs: by more blocks, in a place that is known better. */
const partial = { equal: 30, share: 0.6, correlation: 0.9, skew: 0.005 };
/** One picture, shown alike. */
const same = { share: 0.95, correlation: 0.95, changedShare: 0.002, covers: 0.9, gain: [0.5, 2] as const };
/** What counts as a change. */
const limits = { color: 8, gain: 1.08, offset: 10, scale: 1.05, whole: 0.97, changedShare: 0.03, changed: 3 };

function measure({ fit, map, first, second, colorDifference }: Comparison, images: ImagePair): Measures {
  const { placement, tone } = fit;
  const [equal, different, changed] = [countKind(map, 'equal'), countKind(map, 'different'), countKind(map, 'changed')];
  const [firstSide, secondSide] = images.map(({ width, height }) => Math.max(width, height));
  return {
    ...{ equal, different, changed, colorDifference },
    share: equal / Math.max(1, equal + different + changed),
    correlation: Math.max(0, map.correlation),
    ...positionOf(placement),
    scale: (scaleOf(placement) * (secondSide ?? 1)) / (firstSide ?? 1),
    ...tone,
    covers: coverage(placement, inUnits(contentBox(first), first), inUnits(contentBox(second), second)),
    wholes: coverage(placement, inUnits(all(first), first), inUnits(all(second), second)),
  };
}

type ImagePair = readonly [first: Pick<RawImage, 'width' | 'height'>, second: Pick<RawImage, 'width' | 'height'>];

/** @returns null where the two have nothing in common that pixels prove */
export function judge(comparison: Comparison, images: ImagePair): PictureLikeness | null {
  const measures = measure(comparison, images);
  const { equal, share, skew, correlation } = measures;
  const isWhole = equal >= whole.equal && share >= whole.share && skew <= whole.skew;
  const isPartial =
    equal >= partial.equal && share >= partial.share && skew <= partial.skew && correlation >= partial.correlation;
  if (!isWhole && !isPartial) return null;
  const changes = changesOf(measures, isWhole);
  return {
    similarity: Math.round(1e4 * correlation * share) / 1e4,
    changes,
    isSame: isWhole && isSamePicture(measures, changes),
    boxes: commonBoxes(comparison, images),
  };
}

/** Whether nobody would miss one of two pictures. */
function isSamePicture(measures: Measures, changes: readonly PictureChange[]): boolean {
  const { equal, different, changed, share, correlation, covers, gain } = measures;
  if (changes.some((one) => one !== 'RESCALED' && one !== 'BRIGHTNESS' && one !== 'BORDERED')) return false;
  return (
    share >= same.share &&
    correlation >= same.correlation &&
    changed <= same.changedShare * (equal + different + changed) &&
    Math.min(...covers) >= same.covers &&
    gain >= same.gain[0] &&
    gain <= same.gain[1]
  );
}

function changesOf(measures: Measures, isWhole: boolean): readonly PictureChange[] {
  const { scale, gain, offset, position, covers, wholes } = measures;
  const changes: PictureChange[] = [];
  if (Math.max(scale, 1 / scale) > limits.scale) changes.push('RESCALED');
  changes.push(...turnsOf(position));
  if (measures.colorDifference > limits.color) changes.push('RECOLORED');
  if (Math.max(gain, 1 / gain) > limits.gain || Math.abs(offset) > limits.offset) changes.push('BRIGHTNESS');
  const isCropped = Math.min(...covers) < same.covers;
  if (isWhole && Math.max(...covers) >= same.covers) {
    if (isCropped) changes.push('CROPPED');
    else if (Math.min(...wholes) < Math.min(limits.whole, ...covers)) changes.push('BORDERED');
  } else changes.push('PARTIAL');
  const compared = measures.equal + measures.different + measures.changed;
  if (measures.changed >= Math.max(limits.changed, limits.changedShare * compared)) changes.push('EDITED');
  return changes;
}

/** A position as a turn, and a mirror where there is one. Clockwise, from the first picture to the second. */
function turnsOf(position: Position): readonly PictureChange[] {
  switch (position) {
    case 0:
      return [];
    case 1:
      return ['MIRRORED'];
    case 2:
      return ['MIRRORED', 'ROTATED_180'];
    case 3:
      return ['ROTATED_180'];
    case 4:
      return ['MIRRORED', 'ROTATED_270'];
    case 5:
      return ['ROTATED_90'];
    case 6:
      return ['ROTATED_270'];
    case 7:
      return ['MIRRORED', 'ROTATED_90'];
  }
}

function all({ width, height }: { readonly width: number; readonly height: number }): Frame {
  return { x: 0, y: 0, width, height };
}

function inUnits({ x, y, width, height }: Frame, size: { readonly width: number; readonly height: number }): Frame {
  const side = Math.max(size.width, size.height);
  return { x: x / side, y: y / side, width: width / side, height: height / side };
}

function moved({ x, y, width, height }: Frame, { a, b, c, d, e, f }: Placement): Frame {
  const xs = [a * x + b * y + e, a * (x + width) + b * (y + height) + e];
  const ys = [c * x + d * y + f, c * (x + width) + d * (y + height) + f];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { x: left, y: top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

function coverage(placement: Placement, first: Frame, second: Frame): readonly [number, number] {
  const there = moved(first, placement);
  const width = Math.min(there.x + there.width, second.x + second.width) - Math.max(there.x, second.x);
  const height = Math.min(there.y + there.height, second.y + second.height) - Math.max(there.y, second.y);
  const common = Math.max(0, width) * Math.max(0, height);
  return [common / (there.width * there.height), common / (second.width * second.height)];
}

/** Around the blocks that are equal. */
function commonBoxes({ map, fit, first, second }: Comparison, images: ImagePair): readonly [Box, Box] {
  const frame = inUnits(boundsOf(map, first), first);
  return [
    toPixels(frame, images[0]),
    toPixels(clipped(moved(frame, fit.placement), inUnits(all(second), second)), images[1]),
  ];
}

function boundsOf({ kinds, columns, blockSide }: BlockMap, { width, height }: Comparison['first']): Frame {
  const places = kinds.flatMap((kind, place) => (kind === 'equal' ? [place] : []));
  const across = places.map((place) => (place % columns) * blockSide);
  const down = places.map((place) => Math.floor(place / columns) * blockSide);
  const [x, y] = [Math.min(width, ...across), Math.min(height, ...down)];
  return { x, y, width: Math.max(...across) + blockSide - x, height: Math.max(...down) + blockSide - y };
}

function clipped(frame: Frame, within: Frame): Frame {
  const [x, y] = [Math.max(frame.x, 0), Math.max(frame.y, 0)];
  return {
    x,
    y,
    width: Math.min(frame.x + frame.width, within.width) - x,
    height: Math.min(frame.y + frame.height, within.height) - y,
  };
}

function toPixels({ x, y, width, height }: Frame, image: ImagePair[0]): Box {
  const side = Math.max(image.width, image.height);
  const [left, top] = [Math.round(x * side), Math.round(y * side)];
  return {
    x: left,
    y: top,
    width: Math.max(1, Math.min(image.width - left, Math.round(width * side))),
    height: Math.max(1, Math.min(image.height - top, Math.round(height * side))),
  };
}
