import { describe, expect, it } from '@jest/globals';
import { figureIdOf, type PanelId } from '../../src/domain/ids.js';
import { columnWeights } from '../../src/adapters/sqlite/keywords/postings.js';
import { toMatchExpression } from '../../src/adapters/sqlite/keywords/match-expression.js';
import { openKeywordIndex, panel, small, type OpenedKeywords, type Captioned } from '../support/keyword-corpus.js';

async function ask({ index, filters }: OpenedKeywords, text: string, filter = {}, k = 10) {
  const asOf = await filters.corpus();
  const query = { text, scope: await filters.resolve(filter, asOf), asOf };
  return { found: await index.search(query, k), count: await index.count(query), query };
}

describe.each(['sqlite', 'memory'] as const)('a keyword index in %s', (kind) => {
  it('finds any of the words, the panel with more of them first', async () => {
    const opened = await openKeywordIndex(kind);
    await opened.store(small);
    const { found, count } = await ask(opened, 'lung nodule');
    expect(found.map(({ panelId }) => panelId)).toEqual([panel(1), panel(2)]);
    expect(found[0]).toMatchObject({ figureId: figureIdOf('figure-1') });
    expect(count).toBe(2);
    await opened.database.close();
  });

  it('names the panel that holds the words, and counts figures', async () => {
    const opened = await openKeywordIndex(kind);
    await opened.store(small);
    const { found, count } = await ask(opened, 'kidney bladder');
    expect(new Set(found.map(({ panelId }) => panelId))).toEqual(new Set([panel(4, 2), panel(4, 1), panel(3)]));
    expect(count).toBe(2);
    await opened.database.close();
  });

  it('tells how much the words of a query tell apart', async () => {
    const opened = await openKeywordIndex(kind);
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
    const opened = await openKeywordIndex(kind);
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
    const opened = await openKeywordIndex(kind);
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
async function askFts({ database }: OpenedKeywords, text: string) {
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
    const opened = await openKeywordIndex('sqlite', maxRecent);
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
