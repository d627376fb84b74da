import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  columnWeights,
  computeIdf,
  k1,
  lengthNorm,
  readTotals,
  type IndexTotals,
} from '../../src/adapters/sqlite/keywords/postings.js';
import { readSearchableTexts, wordColumns, type Words } from '../../src/adapters/sqlite/keywords/word-index.js';
import type { FigureFilter } from '../../src/domain/figure-filter.js';
import type { PanelId } from '../../src/domain/ids.js';
import { openKeywordIndex, type Captioned, type OpenedKeywords } from '../support/keyword-corpus.js';

const vocabulary = ['lung', 'kidney', 'spleen', 'stain', 'gland'];
const modalities = ['histology', 'radiograph'];
const weights = columnWeights.split(', ').map(Number);
/** As the tokenizer of the index cuts a text. */
const token = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;

interface Panel {
  readonly id: PanelId;
  readonly modality: string | null;
  /** By column. */
  readonly words: readonly (readonly string[])[];
}

/** All panels as they are now, with the words that their columns hold. */
async function readPanels({ database: { reader } }: OpenedKeywords): Promise<readonly Panel[]> {
  const rows = await reader.query<{ seq: number; id: PanelId; modality: string | null }[]>(
    'SELECT panel.seq, panel.id, figure.modality FROM panel JOIN figure ON figure.id = panel.figure_id',
  );
  const texts = await readSearchableTexts(
    (sql, values) => reader.query<Words[]>(sql, [...values]),
    rows.map(({ seq }) => seq),
  );
  const byPanel = new Map(texts.map((one) => [one.seq, one.texts]));
  return rows.map(({ seq, ...row }) => ({
    ...row,
    words: (byPanel.get(seq) ?? []).map((text) => text.toLowerCase().match(token) ?? []),
  }));
}

interface Term {
  readonly word: string;
  /** Null: all. */
  readonly column: (typeof wordColumns)[number] | null;
}

function frequencyOf({ words }: Panel, { word, column }: Term): number {
  return words.reduce((sum, own, at) => {
    const isAsked = column === null || column === wordColumns[at];
    return isAsked ? sum + (weights[at] ?? 0) * own.filter((one) => one === word).length : sum;
  }, 0);
}

const lengthOf = ({ words }: Panel): number => words.reduce((sum, own) => sum + own.length, 0);

/** Plain BM25, as its definition says, of each panel that holds any of the terms. */
function plainScores(
  panels: readonly Panel[],
  terms: readonly Term[],
  totals: IndexTotals,
): ReadonlyMap<PanelId, number> {
  const scores = new Map<PanelId, number>();
  for (const term of terms) {
    const found = panels.filter((panel) => frequencyOf(panel, term) > 0);
    const idf = computeIdf(totals.panels, found.length);
    for (const panel of found) {
      const frequency = frequencyOf(panel, term);
      const norm = lengthNorm(lengthOf(panel), totals);
      scores.set(panel.id, (scores.get(panel.id) ?? 0) + (idf * frequency * (k1 + 1)) / (frequency + norm));
    }
  }
  return scores;
}

/** Asks for all terms at once, and compares the answer with plain BM25 over the corpus as it is now. */
async function check(opened: OpenedKeywords, terms: readonly Term[], filter: FigureFilter, k: number): Promise<void> {
  const panels = await readPanels(opened);
  // FTS5 goes on counting panels that were deleted or replaced: its own totals are taken, whatever they are.
  const all = plainScores(panels, terms, await readTotals(opened.database, 'panel_words'));
  const allowed = panels.filter(({ id, modality }) => {
    const isAsked = filter.modalities == null || filter.modalities.includes(modality ?? '');
    return isAsked && all.has(id);
  });
  const expected = allowed.map(({ id }) => all.get(id) ?? 0).sort((a, b) => b - a);
  const asOf = await opened.filters.corpus();
  const text = terms.map(({ word, column }) => (column === null ? word : `${column}:${word}`)).join(' ');
  const query = { text, scope: await opened.filters.resolve(filter, asOf), asOf };
  const found = await opened.index.search(query, k);
  expect(found).toHaveLength(Math.min(k, expected.length));
  found.forEach(({ panelId, score }, at) => {
    expect(score).toBeCloseTo(expected[at] ?? Number.NaN, 9);
    expect(score).toBeCloseTo(all.get(panelId) ?? Number.NaN, 9);
  });
  expect(await opened.index.count(query)).toBe(new Set(allowed.map(({ id }) => id.replace(/_\d+$/, ''))).size);
  const ids = panels.map(({ id }) => id);
  const scored = await opened.index.score(query, ids);
  expect(new Set(scored.map(({ panelId }) => panelId))).toEqual(new Set(all.keys()));
  for (const { panelId, score } of scored) expect(score).toBeCloseTo(all.get(panelId) ?? Number.NaN, 9);
}

const caption = fc
  .array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: 8 })
  .map((words) => words.join(' '));
const figure: fc.Arbitrary<Captioned> = fc.record({
  ...{ number: fc.nat(24), caption, modality: fc.constantFrom(...modalities) },
  panels: fc.array(caption, { maxLength: 3 }),
});
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ store: fc.array(figure, { minLength: 1, maxLength: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ remove: fc.nat(24) }) },
);
const question = fc.record({
  terms: fc.uniqueArray(
    fc.record({ word: fc.constantFrom(...vocabulary), column: fc.constantFrom(null, null, 'caption', 'title') }),
    { minLength: 1, maxLength: 4, selector: ({ word }) => word },
  ),
  filter: fc.constantFrom<FigureFilter>({}, { modalities: ['histology'] }, { modalities: ['radiograph', 'histology'] }),
  k: fc.constantFrom(1, 3, 1000),
});

/** Of figures with one number in one step, the last one stands. */
const withoutSame = (figures: readonly Captioned[]): readonly Captioned[] => [
  ...new Map(figures.map((one) => [one.number, one])).values(),
];

describe('the scores of a keyword index', () => {
  it.each([
    ['are corrected', undefined],
    ['are read anew after every few changes', 10],
  ])(
    'are those of plain BM25, while figures come, change and go, where kept postings %s',
    async (_how, maxRecent) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(step, fc.array(question, { minLength: 1, maxLength: 3 })), { minLength: 2, maxLength: 6 }),
          async (turns) => {
            const opened = await openKeywordIndex('sqlite', maxRecent);
            try {
              await opened.store([{ number: 30, caption: 'lung of a mouse', modality: 'histology' }]);
              for (const [change, questions] of turns) {
                if ('store' in change) await opened.store(withoutSame(change.store));
                else await opened.remove(change.remove);
                for (const { terms, filter, k } of questions) await check(opened, terms, filter, k);
              }
            } finally {
              await opened.database.close();
            }
          },
        ),
        { numRuns: 15 },
      );
    },
    120_000,
  );
});
