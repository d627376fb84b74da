import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { figureIdOf, panelIdOf, type PanelId } from '../../src/domain/ids.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import type { FigureWrite } from '../../src/domain/figure-write.js';
import { SqliteFigureWriter } from '../../src/adapters/sqlite/figure-writer.js';
import { FilterReader } from '../../src/adapters/sqlite/filter-reader.js';
import { columnWeights } from '../../src/adapters/sqlite/keywords/postings.js';
import { toMatchExpression } from '../../src/adapters/sqlite/keywords/match-expression.js';
import type { KeywordIndex } from '../../src/ports/keyword-index.js';
import { drawnFigure } from '../support/drawn-figures.js';
import { payloadOf } from '../support/figure-payload.js';
import { MemoryKeywordIndex } from '../support/memory-keyword-index.js';
import { openKeywords } from '../support/sqlite-vectors.js';

interface Captioned {
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

const panel = (number: number, ordinal = 0): PanelId => panelIdOf(figureIdOf(`figure-${number}`), ordinal);

interface Opened {
  readonly index: KeywordIndex;
  readonly store: (figures: readonly Captioned[]) => Promise<void>;
  readonly remove: (number: number) => Promise<void>;
  readonly filters: FilterReader;
  readonly database: Database;
}

/** Filters are resolved by a database in both cases: what is tested is who applies them. */
async function open(kind: 'sqlite' | 'memory', maxRecent?: number): Promise<Opened> {
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

async function ask({ index, filters }: Opened, text: string, filter = {}, k = 10) {
  const asOf = await filters.corpus();
  const query = { text, scope: await filters.resolve(filter, asOf), asOf };
  return { found: await index.search(query, k), count: await index.count(query), query };
}

const small: readonly Captioned[] = [
  { number: 1, caption: 'lung nodule in a radiograph', modality: 'radiograph' },
  { number: 2, caption: 'lung', modality: 'histology' },
  { number: 3, caption: 'kidney biopsy with many many words around it', modality: 'histology' },
  { number: 4, caption: 'a cell', panels: ['kidney cortex', 'bladder'] },
  ...Array.from({ length: 20 }, (_, i) => ({ number: 10 + i, caption: `filler ${'abcdefghijklmnopqrst'[i] ?? ''}x` })),
];

describe.each(['sqlite', 'memory'] as const)('a keyword index in %s', (kind) => {
  it('finds any of the words, the panel with more of them first', async () => {
    const opened = await open(kind);
    await opened.store(small);
    const { found, count } = await ask(opened, 'lung nodule');
    expect(found.map(({ panelId }) => panelId)).toEqual([panel(1), panel(2)]);
    expect(found[0]).toMatchObject({ figureId: figureIdOf('figure-1') });
    expect(count).toBe(2);
    await opened.database.close();
  });

  it('names the panel that holds the words, and counts figures', async () => {
    const opened = await open(kind);
    await opened.store(small);
    const { found, count } = await ask(opened, 'kidney bladder');
    expect(new Set(found.map(({ panelId }) => panelId))).toEqual(new Set([panel(4, 2), panel(4, 1), panel(3)]));
    expect(count).toBe(2);
    await opened.database.close();
  });

  it('knows words that are spelled nearly like another one, with the number of their panels', async () => {
    const opened = await open(kind);
    await opened.store([
      { number: 1, caption: 'Fluorescence microscopy' },
      { number: 2, caption: 'Microscopy, and a microscope' },
      { number: 3, caption: 'a macrophage' },
      { number: 4, caption: 'kidneys' },
    ]);
    const ask = async (word: string) => opened.index.wordsLike(word, await opened.filters.corpus());
    expect(await ask('microscpy')).toContainEqual({ word: 'microscopy', panels: 2 });
    expect(await ask('imcroscopy')).toContainEqual({ word: 'microscopy', panels: 2 });
    expect(await ask('kidnys')).toContainEqual({ word: 'kidneys', panels: 1 });
    expect(await ask('zebrafish')).toEqual([]);
    await opened.remove(1);
    expect(await ask('microscpy')).toContainEqual({ word: 'microscopy', panels: 1 });
    await opened.database.close();
  });

  it('tells how much the words of a query tell apart', async () => {
    const opened = await open(kind);
    await opened.store(small);
    const asOf = await opened.filters.corpus();
    const information = (text: string) => opened.index.information({ text, asOf });
    const [rare, common, absent] = await Promise.all(['nodule', 'lung', 'spleen'].map(information));
    expect(rare).toMatchObject({ words: 1 });
    expect(rare?.total).toBeGreaterThan(common?.total ?? Infinity);
    expect(absent?.total).toBeGreaterThan(rare?.total ?? Infinity);
    const both = await information('nodule lung nodule');
    expect(both.words).toBe(2);
    expect(both.total).toBeCloseTo((rare?.total ?? 0) + (common?.total ?? 0), 6);
    await opened.database.close();
  });

  it('leaves out what a filter does not allow', async () => {
    const opened = await open(kind);
    await opened.store(small);
    const { found, count, query } = await ask(opened, 'lung kidney', { modalities: ['histology'] });
    expect(new Set(found.map(({ panelId }) => panelId))).toEqual(new Set([panel(2), panel(3)]));
    expect(count).toBe(2);
    const scores = await opened.index.score(query, [panel(3), panel(10)]);
    expect(scores).toEqual(
      found.filter(({ panelId }) => panelId === panel(3)).map(({ panelId, score }) => ({ panelId, score })),
    );
    await opened.database.close();
  });

  it('follows what is stored, changed and deleted', async () => {
    const opened = await open(kind);
    await opened.store(small);
    const words = async (text: string) => (await ask(opened, text)).found.map(({ panelId }) => panelId);
    expect(await words('lung')).toEqual([panel(2), panel(1)]);
    await opened.store([
      { number: 2, caption: 'spleen' },
      { number: 50, caption: 'lung lung' },
    ]);
    expect(await words('lung')).toEqual([panel(50), panel(1)]);
    expect(await words('spleen')).toEqual([panel(2)]);
    await opened.remove(50);
    expect(await words('lung')).toEqual([panel(1)]);
    await opened.database.close();
  });
});

/** What FTS5 itself answers, in the corpus as it is now. */
async function askFts({ database }: Opened, text: string) {
  const rows = await database.reader.query<{ id: PanelId; score: number }[]>(
    `SELECT panel.id, -bm25(panel_words, ${columnWeights}) AS score FROM panel_words
     JOIN panel ON panel.seq = panel_words.rowid WHERE panel_words MATCH ?`,
    [toMatchExpression(text)],
  );
  return new Map(rows.map(({ id, score }) => [id, score]));
}

describe('the postings that are kept', () => {
  const vocabulary = 'cell cells lung kidney stain stained nodule TNF-alpha x-ray CD4+ 10µm mice'.split(' ');
  /** The n-th word about once in n. */
  const drawn = (number: number): Captioned => ({
    number,
    caption: Array.from({ length: 3 + (number % 9) }, (_, i) => {
      const value = (Math.imul(number * 31 + i * 7 + 1, 2_654_435_761) >>> 0) / 2 ** 32;
      return vocabulary[Math.floor(vocabulary.length ** value) - 1] ?? 'cell';
    }).join(' '),
    panels: number % 5 === 0 ? ['lung stain', 'cells of mice'] : [],
  });
  const texts = [
    'cell',
    'lung kidney',
    'TNF alpha',
    '"lung cell"',
    'cell AND lung',
    'stain*',
    'caption:mice lung',
    'cell -lung',
  ];

  it.each([
    ['are corrected', undefined],
    ['are read anew after every few changes', 20],
  ])('give the scores of FTS5 where they %s, before and after panels come, change and go', async (_how, maxRecent) => {
    const opened = await open('sqlite', maxRecent);
    const check = async () => {
      for (const text of texts) {
        const { found } = await ask(opened, text, {}, 10_000);
        const expected = await askFts(opened, text);
        expect({ text, ids: new Set(found.map(({ panelId }) => panelId)) }).toEqual({
          text,
          ids: new Set(expected.keys()),
        });
        for (const { panelId, score } of found) expect(score).toBeCloseTo(expected.get(panelId) ?? Number.NaN, 9);
      }
    };
    await opened.store(Array.from({ length: 300 }, (_, number) => drawn(number)));
    await check();
    await opened.store(Array.from({ length: 60 }, (_, number) => drawn(280 + number)));
    await check();
    await opened.store(
      [5, 10, 300].map((number) => ({ ...drawn(number), caption: 'kidney stain', panels: ['x-ray'] })),
    );
    await check();
    for (const number of [5, 20, 299, 301]) await opened.remove(number);
    await check();
    await opened.store([drawn(20), drawn(7)]);
    await check();
    // Searches while figures come: each sees at least what was stored before it began.
    const during = Array.from({ length: 30 }, async (_, i) => {
      await opened.store([{ number: 400 + i, caption: `unique cell ${i}` }]);
      const { found } = await ask(opened, 'unique', {}, 1000);
      expect(found.length).toBeGreaterThan(0);
      expect(found.map(({ panelId }) => panelId)).toContain(panel(400 + i));
    });
    await Promise.all(during);
    await check();
    await opened.database.close();
  });
});
