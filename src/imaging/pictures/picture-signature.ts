import type { RawImage } from '../../domain/raw-image.js';
import { contentBox, type Frame } from './content-box.js';
import { resizedTo } from './resized.js';
import { sampleAt, toGray, type GrayImage } from './gray-image.js';
import { encodePatch, patchSide, type PatchCode } from './patch-code.js';
import { ScaleSpace } from './scale-space.js';

/** Root of the area of the copy that features are looked for in, in pixels, and the longest side that it may have. */
const workingSize = 140;
const longestSide = 400;
/** Features of a picture besides its frames. */
const mostFeatures = 24;
/** Half the side of the patch around a keypoint, in its blurs. */
const reachOfSigma = 6;
const leastSigma = 1.6;
/** Strong frequencies of a patch that says much, and of one that is taken where there are few others. */
const leastRichness = { usual: 14, few: 8 };
const fewFeatures = 8;

/** A part of a picture and its code. */
export interface PictureFeature {
  /** Pixels of the working copy. */
  readonly frame: Frame;
  readonly code: PatchCode;
}

export interface PictureFeatures {
  /** Size of the working copy. */
  readonly width: number;
  readonly height: number;
  readonly features: readonly PictureFeature[];
}

/** @param image a working copy */
function findFeatures(image: GrayImage): PictureFeatures {
  const { width, height } = image;
  const whole: Frame = { x: 0, y: 0, width, height };
  const content = contentBox(image);
  const frames = isSame(whole, content) ? [whole] : [whole, content];
  return {
    width,
    height,
    features: [...frames.map((frame) => ({ frame, code: codeOfFrame(image, frame) })), ...keypointFeatures(image)],
  };
}

function isSame(a: Frame, b: Frame): boolean {
  return a.width - b.width < 2 && a.height - b.height < 2;
}

/** The frame is pressed into a square. */
function codeOfFrame(image: GrayImage, { x, y, width, height }: Frame): PatchCode {
  const inner = 4;
  const samples = new Float32Array(patchSide * patchSide);
  for (let row = 0; row < patchSide * inner; row++) {
    for (let column = 0; column < patchSide * inner; column++) {
      const left = x + ((column + 0.5) * width) / (patchSide * inner) - 0.5;
      const top = y + ((row + 0.5) * height) / (patchSide * inner) - 0.5;
      const place = Math.floor(row / inner) * patchSide + Math.floor(column / inner);
      samples[place] = (samples[place] ?? 0) + sampleAt(image, left, top) / (inner * inner);
    }
  }
  return encodePatch(samples).code;
}

function keypointFeatures(image: GrayImage): readonly PictureFeature[] {
  const { width, height } = image;
  if (Math.min(width, height) < 2 * reachOfSigma * leastSigma) return [];
  const space = new ScaleSpace(image);
  const rich: PictureFeature[] = [];
  const simple: PictureFeature[] = [];
  for (const { x, y, sigma } of space.keypoints(leastSigma)) {
    const reach = reachOfSigma * sigma;
    if (x < reach || y < reach || x > width - 1 - reach || y > height - 1 - reach) continue;
    const { code, richness } = encodePatch(space.square(x, y, reach, patchSide));
    // From the edge of a pixel, as frames are.
    const frame = { x: x + 0.5 - reach, y: y + 0.5 - reach, width: 2 * reach, height: 2 * reach };
    if (richness >= leastRichness.usual) rich.push({ frame, code });
    else if (richness >= leastRichness.few) simple.push({ frame, code });
    if (rich.length === mostFeatures) break;
  }
  return [...rich, ...simple.slice(0, Math.max(0, fewFeatures - rich.length))];
}

/** The features of a picture of any size; a small one is enlarged for it. */
export async function pictureFeatures(image: RawImage): Promise<PictureFeatures> {
  const { width, height } = image;
  const [longest, shortest] = [Math.max(width, height), Math.min(width, height)];
  const side = Math.min(longestSide, Math.round(workingSize * Math.sqrt(longest / shortest)));
  return findFeatures(toGray(await resizedTo(image, side)));
}
