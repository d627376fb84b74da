import type { RunLength } from './run-length.js';

/** A picture and what was drawn on it. */
export interface CocoPicture {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly license: string | null;
  readonly masks: readonly CocoMask[];
}

interface CocoMask {
  readonly prompt: string;
  /** Boxes of the connected parts. */
  readonly boxes: readonly {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  }[];
  readonly areaPixels: number;
  readonly rle: RunLength;
  readonly pValue: number | null;
  readonly similarity: number;
}

/**
 * Masks as a COCO “object detection” document (cocodataset.org/#format-data), as pycocotools reads it: a category a
 * prompt, an annotation a mask, its segmentation in compressed run lengths, its `bbox` round all of its parts. What COCO
 * has no field for stands under `attributes`, as other tools do it.
 */
export function cocoDocument(
  pictures: readonly CocoPicture[],
  model: { readonly name: string; readonly version: string },
) {
  const prompts = [...new Set(pictures.flatMap(({ masks }) => masks.map(({ prompt }) => prompt)))];
  const licenses = [...new Set(pictures.flatMap(({ license }) => license ?? []))];
  const drawn = pictures.flatMap(({ masks }, picture) => masks.map((mask) => ({ mask, picture })));
  return {
    info: { description: `Masks drawn by ${model.name} ${model.version.slice(0, 16)} through figseek` },
    licenses: licenses.map((name, at) => ({ id: at + 1, name, url: '' })),
    images: pictures.map(({ file, width, height, license }, at) => ({
      ...{ id: at + 1, file_name: file, width, height },
      ...(license === null ? {} : { license: licenses.indexOf(license) + 1 }),
    })),
    categories: prompts.map((name, at) => ({ id: at + 1, name, supercategory: '' })),
    annotations: drawn.map(({ mask, picture }, at) => ({
      id: at + 1,
      image_id: picture + 1,
      category_id: prompts.indexOf(mask.prompt) + 1,
      segmentation: mask.rle,
      area: mask.areaPixels,
      bbox: boxRound(mask.boxes),
      iscrowd: 0,
      attributes: { p_value: mask.pValue, similarity: mask.similarity },
    })),
  };
}

/** [x, y, width, height] round all; zeros where there is none. */
function boxRound(boxes: CocoMask['boxes']): readonly [number, number, number, number] {
  if (boxes.length === 0) return [0, 0, 0, 0];
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  const right = Math.max(...boxes.map(({ x, width }) => x + width));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  return [left, top, right - left, bottom - top];
}
