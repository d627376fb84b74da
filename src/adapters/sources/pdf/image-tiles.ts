import { areaOf, heightOf, unionOf, widthOf } from './geometry.js';
import { orientationOf, type Pixels } from './image-orientation.js';
import type { PlacedImage } from './page-marks.js';

/** A part of a figure, and where its upper left pixel lies in the figure. */
export interface FigurePart {
  readonly image: PlacedImage;
  readonly x: number;
  readonly y: number;
}

/** A figure's picture. */
export interface FigureImage {
  readonly width: number;
  readonly height: number;
  readonly parts: readonly FigurePart[];
}

/** How far from whole pixels the places of tiles may lie: their coordinates are rounded in the file. */
const maxOffset = 0.6;
const maxDensityDifference = 0.02;
const maxPixels = 100_000_000;

/**
 * Puts images together that are the tiles of one picture: upright, of one density, and filling a rectangle without gaps or overlaps.
 * @returns null where they are not, or one of them stands at an angle
 */
export function joinTiles(images: readonly PlacedImage[]): FigureImage | null {
  const [first] = images;
  if (first === undefined) return null;
  if (images.length === 1) return single(first);
  if (images.some(({ matrix }) => !isUpright(orientationOf(matrix)))) return null;
  const densities = images.flatMap(({ width, height, box }) => [width / widthOf(box), height / heightOf(box)]);
  const largest = images.reduce((a, b) => (areaOf(a.box) >= areaOf(b.box) ? a : b));
  const density = largest.width / widthOf(largest.box);
  if (densities.some((one) => Math.abs(one / density - 1) > maxDensityDifference)) return null;
  const whole = images.map(({ box }) => box).reduce(unionOf);
  const parts = images.map((image) => ({
    image,
    x: density * (image.box.left - whole.left),
    y: density * (image.box.top - whole.top),
  }));
  const rounded = parts.map((part) => ({ ...part, x: Math.round(part.x), y: Math.round(part.y) }));
  if (parts.some((part, i) => !isClose(part, rounded[i]))) return null;
  const width = Math.max(...rounded.map(({ image, x }) => x + image.width));
  const height = Math.max(...rounded.map(({ image, y }) => y + image.height));
  const covered = images.reduce((sum, image) => sum + image.width * image.height, 0);
  if (covered !== width * height || covered > maxPixels) return null;
  // Tiles that do not overlap and have the pixels of the whole leave no gap.
  return haveOverlap(rounded) ? null : { width, height, parts: rounded };
}

function haveOverlap(parts: readonly FigurePart[]): boolean {
  const sorted = [...parts].sort((a, b) => a.y - b.y);
  return sorted.some((part, at) => {
    for (let next = at + 1; next < sorted.length; next++) {
      const other = sorted[next];
      if (other === undefined || other.y >= part.y + part.image.height) return false;
      if (other.x < part.x + part.image.width && part.x < other.x + other.image.width) return true;
    }
    return false;
  });
}

function single(image: PlacedImage): FigureImage | null {
  const orientation = orientationOf(image.matrix);
  if (orientation === null) return null;
  const [width, height] = orientation.swap ? [image.height, image.width] : [image.width, image.height];
  return { width, height, parts: [{ image, x: 0, y: 0 }] };
}

function isUpright(orientation: ReturnType<typeof orientationOf>): boolean {
  return orientation !== null && !orientation.swap && !orientation.mirrorX && !orientation.mirrorY;
}

function isClose(part: { readonly x: number; readonly y: number }, rounded: typeof part | undefined): boolean {
  return (
    rounded !== undefined && Math.abs(part.x - rounded.x) <= maxOffset && Math.abs(part.y - rounded.y) <= maxOffset
  );
}

/** Draws tiles of RGB beside each other. */
export function composeTiles(
  { width, height }: Pick<FigureImage, 'width' | 'height'>,
  tiles: readonly (Pick<FigurePart, 'x' | 'y'> & { readonly pixels: Pixels })[],
): Pixels {
  const data = new Uint8Array(3 * width * height);
  for (const { x, y, pixels } of tiles)
    for (let row = 0; row < pixels.height; row++) {
      const from = 3 * row * pixels.width;
      data.set(pixels.data.subarray(from, from + 3 * pixels.width), 3 * ((y + row) * width + x));
    }
  return { width, height, channels: 3, data };
}
