import type { Box } from '../domain/figure.js';
import type { RawImage } from '../domain/raw-image.js';
import { Canvas, black, white } from './canvas.js';
import { counted, finished, type FigureKind } from './kind.js';
import type { Random } from './random.js';

const letters = ['A', 'B', 'C', 'D'] as const;

/** A compound figure of two to four of the other kinds, with letters and a caption for each panel. */
export function multiPanel(kinds: readonly FigureKind[]): FigureKind {
  return {
    name: 'multi-panel figure',
    modality: 'compound',
    sketch: (random) => {
      const chosen = random.shuffled(kinds).slice(0, random.whole(2, 4));
      const parts = chosen.map((kind, i) => ({ kind, sketch: kind.sketch(random.fork(`panel${i}`)) }));
      const listed = parts.map(({ sketch }, i) => `(${letters[i] ?? ''}) ${sketch.caption}`);
      return {
        caption: `Multi-panel figure with ${counted(parts.length, 'panel')}. ${listed.join(' ')}`,
        labels: chosen.map((kind) => kind.name),
        draw: () => {
          const images = parts.map(({ sketch }) => sketch.draw().image);
          return finished(drawCompound(random.fork('drawing'), images).canvas);
        },
      };
    },
  };
}

/**
 * Images side by side on white, with a letter above each.
 * @returns the drawing, and the box of each image in it
 */
export function drawCompound(
  random: Random,
  images: readonly RawImage[],
): { readonly canvas: Canvas; readonly boxes: readonly Box[] } {
  const wide = images.length === 2 || random.chance(0.3);
  const columns = wide && images.length < 4 ? images.length : 2;
  const rows = Math.ceil(images.length / columns);
  const side = columns === 3 ? 150 : columns === 2 && rows === 1 ? 220 : 160;
  const canvas = new Canvas(columns * (side + 14) + 14, rows * (side + 26) + 10, white);
  const boxes = images.map((image, i) => {
    const [x, y] = [14 + (i % columns) * (side + 14), 22 + Math.floor(i / columns) * (side + 26)];
    const zoom = Math.min(side / image.width, side / image.height);
    const [width, height] = [Math.floor(image.width * zoom), Math.floor(image.height * zoom)];
    canvas.place(image, x, y, width, height);
    canvas.text(letters[i] ?? '', [x, y - 18], black, 2);
    return { x, y, width, height };
  });
  return { canvas, boxes };
}
