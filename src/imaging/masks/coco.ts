import type { Segmenter } from '../../domain/segmenter.js';
import type { RunLength } from './run-length.js';

/** A picture and what was drawn on it. */
export interface CocoImage {
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
  readonly found: boolean | null;
  readonly rle: RunLength;
  readonly pValue: number | null;
  readonly similarity: number;
}

/** Who drew, and on what terms its masks may be used. */
type Drawer = Pick<Segmenter, 'name' | 'version' | 'license' | 'warning'>;

/**
 * Masks as a COCO “object detection” document (cocodataset.org/#format-data), as pycocotools reads it: a category a
 * prompt, an annotation a mask that is not empty, its segmentation in compressed run lengths, its `bbox` round all of its
 * parts. What COCO has no field for stands under `attributes`, as other tools do it. `licenses` are those of the pictures.
 */
export function cocoDocument(
  pictures: readonly CocoImage[],
  { name: segmenter, version, license: terms, warning }: Drawer,
) {
  const prompts = [...new Set(pictures.flatMap(({ masks }) => masks.map(({ prompt }) => prompt)))];
  const licenses = [...new Set(pictures.flatMap(({ license }) => license ?? []))];
  // An annotation is an object to whoever reads it: nothing drawn is none.
  const drawn = pictures.flatMap(({ masks }, picture) =>
    masks.flatMap((mask) => (mask.areaPixels === 0 ? [] : [{ mask, picture }])),
  );
  return {
    info: {
      description: `Masks drawn by ${segmenter} ${version.slice(0, 16)} (${terms}) through figseek`,
      segmenter: { name: segmenter, version, license: terms, warning },
    },
    licenses: licenses.map((name, at) => ({ id: at + 1, name, url: '' })),
    images: pictures.map(({ file, width, height, license }, at) => ({
      ...{ id: at + 1, file_name: file, width, height },
      ...(license === null ? {} : { license: licenses.indexOf(license) + 1 }),
    })),
    categories: prompts.map((name, at) => ({ id: at + 1, name, supercategory: '' })),
    annotations: drawn.map(({ mask, picture }, at) =>
      toAnnotation({ id: at + 1, image_id: picture + 1, category_id: prompts.indexOf(mask.prompt) + 1 }, mask),
    ),
  };
}

/** The numbers of an annotation, its image and its category in the document. */
interface AnnotationIds {
  readonly id: number;
  readonly image_id: number;
  readonly category_id: number;
}

/**
 * A mask that is not empty as an annotation.
 * @param further attributes beside what was measured
 */
export function toAnnotation<Further extends object>(
  ids: AnnotationIds,
  { rle, areaPixels, boxes, found, pValue, similarity }: Omit<CocoMask, 'prompt'>,
  further?: Further,
) {
  return {
    ...{ ...ids, segmentation: rle, area: areaPixels, bbox: boxRound(boxes), iscrowd: 0 },
    attributes: { found, pValue, similarity, ...further },
  };
}

/** [x, y, width, height] round all. */
function boxRound(boxes: CocoMask['boxes']): readonly [number, number, number, number] {
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  const right = Math.max(...boxes.map(({ x, width }) => x + width));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  return [left, top, right - left, bottom - top];
}
