import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteFigureWriter } from '../../src/adapters/sqlite/figure-writer.js';
import { FilterReader } from '../../src/adapters/sqlite/filter-reader.js';
import type { FigureWrite } from '../../src/domain/figure-write.js';
import { figureIdOf, panelIdOf, type PanelId } from '../../src/domain/ids.js';
import type { KeywordIndex } from '../../src/ports/keyword-index.js';
import { drawnFigure } from './drawn-figures.js';
import { payloadOf } from './figure-payload.js';
import { MemoryKeywordIndex } from './memory-keyword-index.js';
import { openKeywords } from './sqlite-vectors.js';

export interface Captioned {
  readonly number: number;
  readonly caption: string;
  readonly panels?: readonly string[];
  readonly modality?: string;
}

function figureOf({ number, caption, panels = [], modality }: Captioned): FigureWrite {
  const drawn = drawnFigure(number);
  const { id } = drawn.figure;
  const [whole] = drawn.panels;
  const parts = panels.map((text, at) => ({
    ...{ id: panelIdOf(id, at + 1), figureId: id, label: 'ABCDEF'[at] ?? null, caption: text },
    box: { x: 0, y: 0, width: 1, height: 1 },
  }));
  return {
    ...drawn,
    figure: { ...drawn.figure, caption, modality: modality ?? null },
    panels: whole === undefined ? parts : [whole, ...parts],
    embeddings: [],
  };
}

export const panel = (number: number, ordinal = 0): PanelId => panelIdOf(figureIdOf(`figure-${number}`), ordinal);

export interface OpenedKeywords {
  readonly index: KeywordIndex;
  readonly store: (figures: readonly Captioned[]) => Promise<void>;
  readonly remove: (number: number) => Promise<void>;
  readonly filters: FilterReader;
  readonly database: Database;
}

/** Filters are resolved by a database in both cases: what is tested is who applies them. */
export async function openKeywordIndex(kind: 'sqlite' | 'memory', maxRecent?: number): Promise<OpenedKeywords> {
  const database = await Database.open(mkdtempSync(path.join(tmpdir(), 'keyword-contract-')));
  const [writer, filters] = [new SqliteFigureWriter(database), new FilterReader(database)];
  const memory = new MemoryKeywordIndex();
  return {
    index: kind === 'sqlite' ? openKeywords(database, maxRecent) : memory,
    store: async (figures) => {
      const written = figures.map(figureOf);
      await writer.replace(written);
      for (const one of written) {
        for (const { id, figureId, caption } of one.panels) {
          const text = id.endsWith('_0') ? `${one.figure.caption} ${one.article?.title ?? ''}` : (caption ?? '');
          memory.add({ panelId: id, figureId, imageKey: one.figure.imageHash }, text, payloadOf(one));
        }
      }
    },
    remove: async (number) => {
      await writer.delete([figureIdOf(`figure-${number}`)]);
      memory.delete(panel(number));
    },
    ...{ filters, database },
  };
}

/** For queries about lungs and kidneys, among others. */
export const small: readonly Captioned[] = [
  { number: 1, caption: 'lung nodule in a radiograph', modality: 'radiograph' },
  { number: 2, caption: 'lung', modality: 'histology' },
  { number: 3, caption: 'kidney biopsy with many many words around it', modality: 'histology' },
  { number: 4, caption: 'a cell', panels: ['kidney cortex', 'bladder'] },
  ...Array.from({ length: 20 }, (_, i) => ({ number: 10 + i, caption: `filler ${'abcdefghijklmnopqrst'[i] ?? ''}x` })),
];
