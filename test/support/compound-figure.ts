import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig } from '../../src/app/config.js';
import { FigseekError } from '../../src/domain/errors.js';
import type { Figure, Panel } from '../../src/domain/figure.js';
import { figureIdOf, panelIdOf } from '../../src/domain/ids.js';
import type { RawImage } from '../../src/domain/raw-image.js';
import { cropToBox } from '../../src/imaging/decode.js';
import { encodePng } from '../../src/imaging/encode.js';
import { newEncoder } from '../../src/app/model-runtime.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';
import { sampleCorpus } from '../../src/samples/corpus.js';
import { compoundOf } from '../../src/samples/panels.js';
import { Random } from '../../src/samples/random.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { FigureReader } from '../../src/adapters/sqlite/figure-reader.js';
import { FigureWriter, type NewEmbedding } from '../../src/adapters/sqlite/figure-writer.js';
import { run, type Place } from './figseek-process.js';

export interface Compound {
  readonly figure: Figure;
  /** The whole figure, then its panels, labelled A, B, … */
  readonly panels: readonly Panel[];
}

/** The first drawing of a kind that is not one of the sample corpus. @param kind as “blood smear” */
export function drawingOf(kind: string): RawImage {
  const record = sampleCorpus({ seed: 7001, count: 120 }).find(({ labels: [name] }) => name === kind);
  if (record === undefined) throw new Error(`there is no drawing of a ${kind}`);
  return record.draw();
}

/**
 * Stores drawings as one compound figure, by an ingest; its panels and their vectors by the starter model are put
 * in beside it, as no ingest finds panels yet.
 * @param unembedded how many of the last panels have no vector
 */
export async function storeCompound(
  place: Place,
  id: string,
  kinds: readonly string[],
  unembedded = 0,
): Promise<Compound> {
  const { image, boxes } = compoundDrawing(id, kinds);
  await ingestImage(place, id, image);
  const database = await Database.open(place.data);
  try {
    const figure = await new FigureReader(database).figure(figureIdOf(id));
    if (figure === null) throw new Error('the figure was stored');
    const { id: figureId, width, height } = figure;
    const panels = [{ x: 0, y: 0, width, height }, ...boxes].map((box, i) => {
      const label = i === 0 ? null : (['A', 'B', 'C', 'D'][i - 1] ?? null);
      return { id: panelIdOf(figureId, i), figureId, label, caption: null, box };
    });
    const embeddings = await embedded(image, panels.slice(0, panels.length - unembedded));
    await new FigureWriter(database).replace([{ article: null, figure, recordHash: 'put in', panels, embeddings }]);
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
  const { canvas, boxes } = compoundOf(new Random(id), kinds.map(drawingOf));
  return { image: canvas.toImage(), boxes };
}

async function ingestImage(place: Place, id: string, image: RawImage): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'compound-'));
  writeFileSync(path.join(folder, 'image.png'), await encodePng(image));
  const file = path.join(folder, 'figures.jsonl');
  writeFileSync(file, JSON.stringify({ id, image: 'image.png', caption: `Compound figure ${id}` }));
  const { code, stderr } = await run(place, ['ingest', file]);
  if (code !== 0) throw new FigseekError('BAD_USER_INPUT', stderr);
}

async function embedded(image: RawImage, panels: readonly Panel[]): Promise<readonly NewEmbedding[]> {
  const config = loadConfig({});
  const model = await new ModelRegistry(config.models).load('starter');
  const encoder = await newEncoder(model, config);
  try {
    const pixels = panels.map(({ box }) => model.preprocess(cropToBox(image, box)));
    const vectors = await encoder.embedImages(pixels, 'bulk');
    return vectors.flatMap((vector, i) => {
      const panelId = panels[i]?.id;
      return panelId === undefined ? [] : [{ panelId, space: model.version, kind: 'IMAGE' as const, vector }];
    });
  } finally {
    await encoder.close();
  }
}
