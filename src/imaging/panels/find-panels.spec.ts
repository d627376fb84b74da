import { describe, expect, it } from '@jest/globals';
import type { RawImage } from '../../domain/raw-image.js';
import type { Box } from '../../domain/figure.js';
import { findPanels } from './find-panels.js';

/** Filled rectangles on a plain ground. */
function drawn(width: number, height: number, regions: readonly Box[], [ground, ink] = [255, 60]): RawImage {
  const data = new Uint8Array(width * height * 3).fill(ground);
  for (const region of regions) {
    for (let y = region.y; y < region.y + region.height; y++) {
      data.fill(ink, 3 * (y * width + region.x), 3 * (y * width + region.x + region.width));
    }
  }
  return { width, height, data };
}

/** Boxes of a grid with gutters of 10 pixels. */
function grid(columns: number, rows: number): readonly Box[] {
  return Array.from({ length: columns * rows }, (_, at) => ({
    x: 5 + (at % columns) * 70,
    y: 5 + Math.floor(at / columns) * 50,
    width: 60,
    height: 40,
  }));
}

const boxesOf = (image: RawImage, caption: string) => findPanels(image, caption).panels.map(({ box }) => box);

describe('findPanels', () => {
  it('cuts a grid into the panels of the caption, row by row', () => {
    const image = drawn(220, 110, grid(3, 2));
    expect(boxesOf(image, '(A) 1. (B) 2. (C) 3. (D) 4. (E) 5. (F) 6.')).toEqual(grid(3, 2));
  });

  it('goes down the columns where the caption names them together', () => {
    const byColumns = [0, 3, 1, 4, 2, 5].map((at) => grid(3, 2)[at]);
    expect(boxesOf(drawn(220, 110, grid(3, 2)), '(A, B) one, (C, D) two, (E, F) three.')).toEqual(byColumns);
  });

  it('finds panels on black too', () => {
    const image = drawn(150, 60, grid(2, 1), [0, 200]);
    expect(boxesOf(image, '(a) left one. (b) right one.')).toEqual(grid(2, 1));
  });

  it('finds panels of different sizes, and gives each what the caption says of it', () => {
    const regions = [
      { x: 0, y: 0, width: 200, height: 80 },
      { x: 0, y: 95, width: 60, height: 60 },
      { x: 75, y: 95, width: 125, height: 60 },
    ];
    expect(findPanels(drawn(200, 155, regions), 'All. (A) Wide. (B) Small. (C) The rest.').panels).toEqual([
      { label: 'A', caption: 'Wide.', box: regions[0] },
      { label: 'B', caption: 'Small.', box: regions[1] },
      { label: 'C', caption: 'The rest.', box: regions[2] },
    ]);
  });

  it('keeps the gaps within a panel, where the caption names fewer', () => {
    const bars = [0, 12, 24, 36].map((x) => ({ x, y: 0, width: 8, height: 100 }));
    const image = drawn(160, 100, [...bars, { x: 80, y: 0, width: 80, height: 100 }]);
    expect(boxesOf(image, '(A) Bars. (B) A plate.')).toEqual([
      { x: 0, y: 0, width: 44, height: 100 },
      { x: 80, y: 0, width: 80, height: 100 },
    ]);
  });

  it.each([
    ['a picture without a gap', drawn(100, 100, [{ x: 0, y: 0, width: 100, height: 100 }]), '(A) One. (B) Two.'],
    [
      'specks beside a picture',
      drawn(200, 100, [
        { x: 0, y: 0, width: 180, height: 100 },
        { x: 190, y: 40, width: 3, height: 3 },
      ]),
      '(A) One. (B) Two.',
    ],
    ['a caption without parts', drawn(150, 60, grid(2, 1)), 'Two plates.'],
    [
      'a plate of wells',
      drawn(
        960,
        640,
        Array.from({ length: 384 }, (_, at) => ({
          x: (at % 24) * 40 + 5,
          y: Math.floor(at / 24) * 40 + 5,
          width: 28,
          height: 28,
        })),
      ),
      Array.from({ length: 16 }, (_, at) => `(${String.fromCharCode(65 + at)}) Well.`).join(' '),
    ],
    ['an empty picture', drawn(50, 50, []), '(A) One. (B) Two.'],
    ['a picture of one pixel', drawn(1, 1, []), '(A) One. (B) Two.'],
  ])('leaves whole: %s', (_what, image, caption) => {
    expect(findPanels(image, caption)).toEqual({ origin: 'RULES', panels: [], suggestion: null });
  });

  it('suggests the panels that it sees, where the caption names somewhat more', () => {
    const { panels, suggestion } = findPanels(drawn(220, 60, grid(3, 1)), '(A) 1. (B) 2. (C) 3. (D) 4.');
    expect(panels).toEqual([]);
    expect(suggestion).toEqual({
      origin: 'RULES',
      boxes: grid(3, 1),
      parts: ['A', 'B', 'C', 'D'].map((label, at) => ({ label, caption: `${at + 1}.` })),
    });
  });

  it('suggests nothing where the caption names many more', () => {
    const caption = Array.from({ length: 8 }, (_, at) => `(${String.fromCharCode(65 + at)}) Part.`).join(' ');
    expect(findPanels(drawn(150, 60, grid(2, 1)), caption).suggestion).toBeNull();
  });
});
