import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FigseekError } from '../../src/domain/errors.js';
import type { Figure, Panel } from '../../src/domain/figure.js';
import { figureIdOf } from '../../src/domain/ids.js';
import type { RawImage } from '../../src/domain/raw-image.js';
import { encodePng } from '../../src/imaging/encode.js';
import { sampleCorpus } from '../../src/samples/corpus.js';
import { drawCompound } from '../../src/samples/panels.js';
import { Random } from '../../src/samples/random.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteFigureStore } from '../../src/adapters/sqlite/figure-store.js';
import { run, type Place } from './figseek-process.js';

export interface Compound {
  readonly figure: Figure;
  /** The whole figure, then its panels, labeled A, B, … */
  readonly panels: readonly Panel[];
}

/** The first drawing of a kind that is not one of the sample corpus. @param kind as “blood smear” */
export function drawingOf(kind: string): RawImage {
  const record = sampleCorpus({ seed: 7001, count: 120 }).find(({ labels: [name] }) => name === kind);
  if (record === undefined) throw new Error(`there is no drawing of a ${kind}`);
  return record.draw();
}

/**
 * Stores drawings as one compound figure, by an ingest of a record that names its panels.
 * @param unembedded how many of the last panels lose their vectors
 */
export async function storeCompound(
  place: Place,
  id: string,
  kinds: readonly string[],
  unembedded = 0,
): Promise<Compound> {
  await ingestCompound(place, id, kinds);
  const database = await Database.open(place.data);
  try {
    const reader = new SqliteFigureStore(database);
    const figure = await reader.figure(figureIdOf(id));
    if (figure === null) throw new Error('the figure was stored');
    const panels = await reader.panelsOfFigures([figure.id]);
    const forgotten = JSON.stringify(panels.slice(panels.length - unembedded).map((panel) => panel.id));
    await database.write((runner) =>
      runner.query('DELETE FROM embedding WHERE panel_id IN (SELECT value FROM json_each(?))', [forgotten]),
    );
    return { figure, panels };
  } finally {
    await database.close();
  }
}

/** The image of a stored compound figure. */
export function compoundImage(id: string, kinds: readonly string[]): RawImage {
  return compoundDrawing(id, kinds).image;
}

function compoundDrawing(id: string, kinds: readonly string[]) {
  const { canvas, boxes } = drawCompound(new Random(id), kinds.map(drawingOf));
  return { image: canvas.toImage(), boxes };
}

async function ingestCompound(place: Place, id: string, kinds: readonly string[]): Promise<void> {
  const { image, boxes } = compoundDrawing(id, kinds);
  const folder = mkdtempSync(path.join(tmpdir(), 'compound-'));
  writeFileSync(path.join(folder, 'image.png'), await encodePng(image));
  const file = path.join(folder, 'figures.jsonl');
  const panels = boxes.map((box, i) => ({ label: ['A', 'B', 'C', 'D'][i], box }));
  writeFileSync(file, JSON.stringify({ id, image: 'image.png', caption: `Compound figure ${id}`, panels }));
  const { code, stderr } = await run(place, ['ingest', file]);
  if (code !== 0) throw new FigseekError('BAD_USER_INPUT', stderr);
}
