import { OPS } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { boxOf, identity, multiply, type Matrix, type PageBox } from './geometry.js';

/** An image where it stands on a page. */
export interface PlacedImage {
  /** SHA-256 of its pixels, which names it within a file. */
  readonly hash: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly box: PageBox;
  /** From the unit square, whose upper edge is that of the image, to the page as it is shown. */
  readonly matrix: Matrix;
}

/** What is drawn on a page beside its text. */
export interface PageMarks {
  readonly images: readonly PlacedImage[];
  /** Boxes of lines and areas. */
  readonly vectors: readonly PageBox[];
  /** Images that are drawn as a pattern, many times beside each other. */
  readonly patterns: number;
  /** Images without pixels: masks of one color, and what could not be decoded. */
  readonly unread: number;
}

/** What is known of the pixels of an image. */
export interface ImageSummary {
  readonly width: number;
  readonly height: number;
  readonly hash: string;
}

interface OperatorList {
  readonly fnArray: readonly number[];
  readonly argsArray: readonly unknown[];
}

const painting = new Set([
  ...[OPS.stroke, OPS.closeStroke, OPS.fill, OPS.eoFill, OPS.fillStroke, OPS.eoFillStroke],
  ...[OPS.closeFillStroke, OPS.closeEOFillStroke],
]);

/** More lines and areas say no more about what a figure is made of. */
const maxVectors = 20_000;
/** States that are held; those of deeper levels are counted only. */
const maxDepth = 1000;
const masks = new Set([OPS.paintImageMaskXObject, OPS.paintImageMaskXObjectGroup, OPS.paintImageMaskXObjectRepeat]);

/**
 * Follows the operators of a page.
 * @param view from the page's units to points from its upper left corner
 * @param summaryOf an image by the name or the object that its operator has
 */
export function readMarks(
  { fnArray, argsArray }: OperatorList,
  view: Matrix,
  summaryOf: (image: unknown) => ImageSummary | null,
): PageMarks {
  const [images, vectors, saved] = [[] as PlacedImage[], [] as PageBox[], new SavedMatrices()];
  let [current, patterns, unread]: [Matrix, number, number] = [view, 0, 0];
  for (const [i, operator] of fnArray.entries()) {
    const args = argsArray[i] as readonly unknown[] | null;
    if (operator === OPS.save || operator === OPS.paintFormXObjectBegin) {
      saved.push(current);
      if (operator === OPS.paintFormXObjectBegin) current = multiply(current, matrixOf(args?.[0]));
    } else if (operator === OPS.restore || operator === OPS.paintFormXObjectEnd) current = saved.pop() ?? current;
    else if (operator === OPS.transform) current = multiply(current, matrixOf(args));
    else if (operator === OPS.constructPath) addPath(args, current, vectors);
    else if (operator === OPS.paintImageXObjectRepeat || operator === OPS.paintInlineImageXObjectGroup) patterns++;
    else if (masks.has(operator)) unread++;
    else if (operator === OPS.paintImageXObject || operator === OPS.paintInlineImageXObject) {
      const summary = summaryOf(args?.[0]);
      if (summary === null) unread++;
      else images.push({ ...summary, matrix: current, box: boxOf(current, [0, 0, 1, 1]) });
    }
  }
  return { images, vectors, patterns, unread };
}

/** The matrices that `save` keeps for `restore`: of hostile files only so many that memory stays bounded. */
class SavedMatrices {
  private readonly held: Matrix[] = [];
  private beyond = 0;

  push(matrix: Matrix): void {
    if (this.held.length < maxDepth) this.held.push(matrix);
    else this.beyond++;
  }

  /** @returns undefined where the matrix was not held, or nothing was saved */
  pop(): Matrix | undefined {
    if (this.beyond === 0) return this.held.pop();
    this.beyond--;
    return undefined;
  }
}

function addPath(args: readonly unknown[] | null, current: Matrix, vectors: PageBox[]): void {
  const [operator, , extent] = args ?? [];
  if (typeof operator !== 'number' || !painting.has(operator) || vectors.length >= maxVectors) return;
  if (!(extent instanceof Float32Array) || extent.length < 4) return;
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = extent;
  vectors.push(boxOf(current, [x0, y0, x1, y1]));
}

function matrixOf(given: unknown): Matrix {
  const values = Array.isArray(given) || given instanceof Float32Array ? Array.from(given as Iterable<unknown>) : [];
  if (values.length < 6 || !values.every((value) => Number.isFinite(value))) return identity;
  const [a, b, c, d, e, f] = values as readonly number[] as Matrix;
  return [a, b, c, d, e, f];
}
