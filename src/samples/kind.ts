import type { RawImage } from '../domain/raw-image.js';
import type { Canvas } from './canvas.js';
import type { Random } from './random.js';
import { union, type Shape } from './shapes.js';

/** Where one named object of a drawing is: 255 inside, one byte a pixel, row-major. */
interface ObjectMask {
  readonly prompt: string;
  readonly mask: Uint8Array;
}

export interface DrawnFigure {
  readonly image: RawImage;
  readonly masks: readonly ObjectMask[];
}

/** One figure before it is drawn: its words are settled, its pixels are not. */
interface Sketch {
  /** Says only what the drawing shows. */
  readonly caption: string;
  /** Attributes; the kind's name comes first in the record. */
  readonly labels: readonly string[];
  draw(): DrawnFigure;
}

export interface FigureKind {
  readonly name: string;
  readonly modality: string;
  sketch(random: Random): Sketch;
}

/** The finished drawing with the true masks of the named shapes. */
export function finished(canvas: Canvas, objects: Readonly<Record<string, Shape>> = {}): DrawnFigure {
  const masks = Object.entries(objects).map(([prompt, shape]) => ({ prompt, mask: canvas.maskOf(shape) }));
  return { image: canvas.toImage(), masks };
}

/**
 * One of a pair, by the patient's side: the right one lies on the left of the picture.
 * @param pair from the left of the picture to the right
 */
export function sides(name: string, pair: readonly Shape[]): Readonly<Record<string, Shape>> {
  const [first, second] = pair;
  if (first === undefined || second === undefined) throw new RangeError(`Expected a pair for ${name}`);
  return { [`left ${name}`]: second, [`right ${name}`]: first };
}

/** Both lungs, and each. */
export function lungFields(lungs: readonly Shape[]): Readonly<Record<string, Shape>> {
  return { lung: union(...lungs), ...sides('lung', lungs) };
}

/** First letter as a capital, one full stop at the end. */
export function sentence(text: string): string {
  const trimmed = text.replace(/\s+/g, ' ').trim();
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1).replace(/\.*$/, '.');
}

const numerals = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** “one cell”, “three cells”. */
export function counted(count: number, noun: string): string {
  return `${numerals[count] ?? String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
