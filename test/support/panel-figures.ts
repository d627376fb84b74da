import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Box } from '../../src/domain/figure.js';
import { figureIdOf, panelIdOf, type PanelId } from '../../src/domain/ids.js';
import type { RawImage } from '../../src/domain/raw-image.js';
import { encodePng } from '../../src/imaging/encode.js';
import { sampleCorpus } from '../../src/samples/corpus.js';

/** A panel of a drawn figure: what its part of the image shows, and where it lies. */
interface DrawnPanel {
  readonly label: string;
  readonly caption: string;
  readonly box: Box;
  readonly drawing: RawImage;
}

/** A figure that is drawn of panels with known, distinct contents. */
export interface PanelFigure {
  readonly id: string;
  readonly modality: string;
  readonly panels: readonly DrawnPanel[];
  readonly image: RawImage;
}

const gap = 8;
const columns = 3;

/** Figures with 1, 2, … `count` panels; no drawing is in two of them. */
export function panelFigures(count: number): readonly PanelFigure[] {
  const drawings = sampleCorpus({ seed: 7002, count: (count * (count + 1)) / 2 });
  return Array.from({ length: count }, (_, i) => {
    const own = drawings.slice((i * (i + 1)) / 2, ((i + 1) * (i + 2)) / 2);
    return panelFigure(
      `panels-${own.length}`,
      own.map(({ caption, draw }) => ({ caption, drawing: draw() })),
    );
  });
}

/** One figure of drawings in rows of three, with white between them. */
export function panelFigure(
  id: string,
  drawings: readonly { readonly caption: string; readonly drawing: RawImage }[],
): PanelFigure {
  const cell = (side: 'width' | 'height') => gap + Math.max(...drawings.map(({ drawing }) => drawing[side]));
  const panels = drawings.map(({ caption, drawing }, i) => {
    const { width, height } = drawing;
    const box = { x: gap + (i % columns) * cell('width'), y: gap + Math.floor(i / columns) * cell('height') };
    const label = String.fromCharCode('A'.charCodeAt(0) + i);
    return { label, caption: `${caption} Panel ${label} of ${id}.`, box: { ...box, width, height }, drawing };
  });
  const width = gap + Math.min(columns, drawings.length) * cell('width');
  const height = gap + Math.ceil(drawings.length / columns) * cell('height');
  const data = new Uint8Array(width * height * 3).fill(255);
  for (const { box, drawing } of panels) {
    for (let row = 0; row < box.height; row++) {
      const part = drawing.data.subarray(row * box.width * 3, (row + 1) * box.width * 3);
      data.set(part, ((box.y + row) * width + box.x) * 3);
    }
  }
  return { id, modality: drawings.length % 2 === 0 ? 'even' : 'odd', panels, image: { width, height, data } };
}

/** Its record, without the image. */
export function recordOf({ id, modality, panels }: PanelFigure) {
  return {
    id,
    image: `${id}.png`,
    caption: `A drawn figure of ${panels.length} parts`,
    modality,
    panels: panels.map(({ label, caption, box }) => ({ label, caption, box })),
  };
}

export function panelOf({ id }: PanelFigure, ordinal: number): PanelId {
  return panelIdOf(figureIdOf(id), ordinal);
}

/** A new folder with the images of the figures. */
export async function writeImages(figures: readonly Pick<PanelFigure, 'id' | 'image'>[]): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'panels-'));
  for (const { id, image } of figures) writeFileSync(path.join(folder, `${id}.png`), await encodePng(image));
  return folder;
}
