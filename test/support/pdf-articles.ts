import { imageAt, linesAt, textAt, writePdf, type PdfImage } from './pdf-writer.js';

/** A drawn image; another number gives another one. */
export function drawnImage(number: number, width = 120, height = 90): PdfImage {
  const data = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    data.set([(x * 2 + number * 40) % 256, (y * 3) % 256, (x + y + number * 17) % 256], 3 * i);
  }
  return { width, height, data };
}

/** A part of an image. */
function cropImage({ width, data }: PdfImage, left: number, top: number, size: readonly [number, number]): PdfImage {
  const [columns, rows] = size;
  const part = new Uint8Array(3 * columns * rows);
  for (let row = 0; row < rows; row++) {
    const from = 3 * ((top + row) * width + left);
    part.set(data.subarray(from, from + 3 * columns), 3 * row * columns);
  }
  return { width: columns, height: rows, data: part };
}

const logo = drawnImage(9, 60, 60);
const prose = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `Sentence ${i} of the running text that fills the lines of this column.`);

/** An article with figures in all kinds of places, two columns and a journal's logo on each page. */
export function articlePdf(): Buffer {
  const tiled = drawnImage(4, 120, 90);
  return writePdf(
    [
      {
        content: [
          textAt(50, 760, 'On the figures of made-up articles', 18),
          textAt(50, 740, 'https://doi.org/10.5555/pdf.1.'),
          imageAt('Logo', 540, 760, 40, 30),
          linesAt(50, 700, prose(5)),
          // A sentence of the text that begins as a caption does.
          linesAt(50, 640, [
            'as it was described before in the same way in',
            'Figure 1. The cells grew in all of the wells.',
          ]),
          imageAt('One', 60, 480, 200, 150),
          linesAt(55, 465, ['Figure 1. Cells of the left ventri-', 'cle, stained blue (a) and red.']),
          linesAt(55, 430, prose(3)),
          imageAt('Two', 330, 480, 200, 150),
          linesAt(325, 466, ['Fig. 2 | A micrograph.']),
        ],
        images: { One: drawnImage(1), Two: drawnImage(2), Logo: logo },
      },
      {
        content: [
          imageAt('Logo', 540, 760, 40, 30),
          // Tiles of one picture.
          imageAt('TileA', 100, 560, 120, 45),
          imageAt('TileB', 100, 515, 120, 45),
          textAt(100, 500, 'Figure 3: A picture in two strips.'),
          // Two images side by side.
          imageAt('One', 60, 300, 120, 90),
          imageAt('Two', 185, 300, 120, 90),
          textAt(60, 285, 'Figure 4. Two pictures.'),
          // A drawing.
          '0.5 w 400 300 m 500 390 l 420 350 l 480 310 l S',
          textAt(400, 285, 'Figure 5. A diagram.'),
          imageAt('Icon', 60, 200, 20, 20),
        ],
        images: {
          ...{ One: drawnImage(5), Two: drawnImage(6), Logo: logo, Icon: drawnImage(7, 20, 20) },
          ...{ TileA: cropImage(tiled, 0, 0, [120, 45]), TileB: cropImage(tiled, 0, 45, [120, 45]) },
        },
      },
      {
        content: [
          imageAt('Logo', 540, 760, 40, 30),
          imageAt('One', 60, 560, 120, 90),
          linesAt(60, 530, prose(4)),
          // An image of a plot: parts of it are lines.
          imageAt('Two', 300, 300, 120, 90),
          '2 w 425 300 100 90 re f',
          textAt(300, 285, 'Figure 6. A map with its scale.'),
        ],
        images: { One: drawnImage(8), Two: drawnImage(10), Logo: logo },
      },
      {
        content: [imageAt('Scan', 0, 0, 600, 800), textAt(50, 400, 'Text of a scan')],
        images: { Scan: drawnImage(11) },
      },
    ],
    { info: '/Title (untitled) /Author (Ada Byron; Max Born)' },
  );
}

/** The picture that is drawn as two strips. */
export const tiledImage = drawnImage(4, 120, 90);
