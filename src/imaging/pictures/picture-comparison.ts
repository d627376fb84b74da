import type { PictureGuess } from '../../domain/picture-likeness.js';
import type { RawImage } from '../../domain/raw-image.js';
import { countKind, countShowing, mapBlocks, maskOf, type BlockMap } from './block-map.js';
import { colorDifference } from './color-difference.js';
import { blur, toGray, type GrayImage } from './gray-image.js';
import { positionOf, scaleOf } from './placement.js';
import { register, type Fit, type PixelMask } from './registration.js';
import { resizedTo } from './resized.js';

/** A picture at the sizes in which it is compared; made once for all pictures that it is compared with. */
export interface ComparedPicture {
  readonly image: RawImage;
  readonly coarse: GrayImage;
}

/** What two pictures show where they fit best. Blocks are squares of 16 pixels; pixels of both have one size. */
export interface Comparison {
  readonly fit: Fit;
  /** Of the first picture. */
  readonly map: BlockMap;
  readonly first: GrayImage;
  readonly second: GrayImage;
  /** Blocks of the second picture that show something. */
  readonly showingInSecond: number;
  /** Difference of color in the blocks that differ most by it, 0..255. */
  readonly colorDifference: number;
}

const coarseSide = 128;
const coarseBlock = 8;
const fineSide = 512;
const leastFineSide = 64;
/** Every second pixel first. */
const coarsePasses = [
  { rounds: 8, step: 2 },
  { rounds: 5, step: 2 },
  { rounds: 4, step: 1 },
] as const;
const fineRounds = 4;

/** A coarse comparison below any of these goes no further. */
const coarseLimits = { equal: 4, share: 0.35, skew: 0.1 };
/** From these on, no other guess is tried. */
const clear = { equal: 20, share: 0.9 };

export async function toCompared(image: RawImage): Promise<ComparedPicture> {
  return { image, coarse: blur(toGray(await resizedTo(image, coarseSide)), 0.8) };
}

/**
 * Compares two pictures pixel by pixel, from guesses of how one lies in the other: each guess is improved at 128 pixels, the
 * best one then at up to 512.
 * @param guesses best first
 * @returns null where no guess leads anywhere
 */
export async function comparePictures(
  first: ComparedPicture,
  second: ComparedPicture,
  guesses: readonly PictureGuess[],
): Promise<Comparison | null> {
  let best: CoarseFit | null = null;
  for (const guess of guesses) {
    const fit = coarseFit(first.coarse, second.coarse, guess);
    if (fit !== null && (best === null || fit.score > best.score)) best = fit;
    if (best !== null && best.isClear) break;
  }
  return best === null ? null : fineComparison(first.image, second.image, best);
}

interface CoarseFit extends Fit {
  readonly score: number;
  readonly isClear: boolean;
}

function coarseFit(first: GrayImage, second: GrayImage, { placement, frame }: PictureGuess): CoarseFit | null {
  let mask = around(frame, first);
  let fit: Fit | null = { placement, tone: { gain: 1, offset: 0 } };
  let map: BlockMap | null = null;
  for (const pass of coarsePasses) {
    fit = register(first, second, fit.placement, { mask, ...pass });
    if (fit === null) return null;
    map = mapBlocks(first, second, fit, coarseBlock);
    // Most guesses are wrong, and show it here.
    if (countKind(map, 'equal') < coarseLimits.equal) return null;
    // From here on, only what was found to be equal counts.
    mask = maskOf(map, first);
  }
  if (map === null) return null;
  const [equal, unequal] = [countKind(map, 'equal'), countKind(map, 'different') + countKind(map, 'changed')];
  const share = equal / Math.max(1, equal + unequal);
  if (share < coarseLimits.share || positionOf(fit.placement).skew > coarseLimits.skew) return null;
  return { ...fit, score: equal - 0.5 * unequal, isClear: equal >= clear.equal && share >= clear.share };
}

/** A frame with half of its size around it. */
function around({ x, y, width, height }: PictureGuess['frame'], image: GrayImage): PixelMask {
  const side = Math.max(image.width, image.height);
  const mask = new Uint8Array(image.width * image.height);
  const from = Math.max(0, Math.floor((y - height / 2) * side));
  const to = Math.min(image.height, Math.ceil((y + 1.5 * height) * side));
  const left = Math.max(0, Math.floor((x - width / 2) * side));
  const right = Math.min(image.width, Math.ceil((x + 1.5 * width) * side));
  for (let row = from; row < to; row++) mask.fill(1, row * image.width + left, row * image.width + right);
  return mask;
}

async function fineComparison(first: RawImage, second: RawImage, coarse: Fit): Promise<Comparison | null> {
  const scale = scaleOf(coarse.placement);
  const [native, other] = [Math.max(first.width, first.height), Math.max(second.width, second.height)];
  // Neither picture is enlarged.
  const side = Math.max(leastFineSide, Math.round(Math.min(native, other * scale, fineSide, fineSide * scale)));
  const otherSide = Math.max(1, Math.round(side / scale));
  const [rawFirst, rawSecond] = await Promise.all([resizedTo(first, side), resizedTo(second, otherSide)]);
  const [grayFirst, graySecond] = [toGray(rawFirst), toGray(rawSecond)];
  let fit: Fit | null = coarse;
  let map = mapBlocks(grayFirst, graySecond, fit);
  for (let pass = 0; pass < 2; pass++) {
    const mask = countKind(map, 'equal') < coarseLimits.equal ? null : maskOf(map, grayFirst);
    fit = register(grayFirst, graySecond, fit.placement, { mask, rounds: fineRounds, step: 2 });
    if (fit === null) return null;
    map = mapBlocks(grayFirst, graySecond, fit);
  }
  return {
    fit,
    map,
    first: grayFirst,
    second: graySecond,
    showingInSecond: countShowing(graySecond),
    colorDifference: colorDifference(rawFirst, rawSecond, fit, map),
  };
}
