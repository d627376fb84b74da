import { beforeEach, describe, expect, it } from '@jest/globals';
import { drawnFigure } from '../../test/support/drawn-figures.js';
import { MemorySearch } from '../../test/support/memory-search.js';
import { articleIdOf, figureIdOf, imageHashOf, panelIdOf, type FigureId } from '../domain/ids.js';
import { defaultSearchRequest, type SearchRequest } from './search-request.js';
import { localOperator } from '../domain/viewer.js';

type StoredFigure = ReturnType<typeof drawnFigure>;

const id = (number: number) => figureIdOf(`figure-${number}`);
const idsOf = (hits: readonly { readonly figureId: FigureId }[]) => hits.map(({ figureId }) => figureId);

describe('a search', () => {
  let memory: MemorySearch;

  function figureOf(number: number, caption: string, changes: Partial<StoredFigure['figure']> = {}): StoredFigure {
    const drawn = drawnFigure(number, memory.encoder.model);
    return { ...drawn, figure: { ...drawn.figure, caption, ...changes } };
  }

  beforeEach(async () => {
    memory = new MemorySearch();
    for (let number = 0; number < 60; number++) {
      const article = { id: articleIdOf(`article-${number % 6}`), title: `Article ${'abcdef'[number % 6] ?? ''}` };
      const one = figureOf(number, number % 2 === 0 ? 'lung' : 'liver', { articleId: article.id });
      await memory.add({ ...one, article: one.article === null ? null : { ...one.article, ...article } });
    }
  });

  const byWords = (text: string, changes: Partial<SearchRequest> = {}): SearchRequest => ({
    ...defaultSearchRequest,
    terms: [{ kind: 'text', text, weight: 1 }],
    channels: ['KEYWORD'],
    ...changes,
  });
  const byFigure = (number: number, changes: Partial<SearchRequest> = {}): SearchRequest => ({
    ...defaultSearchRequest,
    terms: [{ kind: 'image', image: { source: { kind: 'figure', id: id(number) }, region: null }, weight: 1 }],
    channels: ['IMAGE'],
    ...changes,
  });

  it('finds a figure by its own image first, and gives what is shown of it', async () => {
    const { hits, info } = await memory.figures.search(localOperator, byFigure(7));
    expect(hits[0]).toMatchObject({ rank: 1, figureId: id(7), stored: { figure: { caption: 'liver' } } });
    expect(hits[0]?.evidence).toEqual([{ channel: 'IMAGE', rank: 1, score: expect.closeTo(1, 5) }]);
    expect(info).toMatchObject({ model: 'fake', total: 60, totalIsExact: true });
  });

  it('gives each figure once over all pages, in one order', async () => {
    const seen: FigureId[] = [];
    for (let after: string | null = null; ;) {
      const { hits, hasNextPage } = await memory.figures.search(localOperator, byFigure(7, { first: 7 }), { after });
      seen.push(...idsOf(hits));
      if (!hasNextPage) break;
      after = hits.at(-1)?.cursor ?? null;
    }
    expect(seen).toHaveLength(60);
    expect(new Set(seen).size).toBe(60);
    expect(seen.slice(0, 7)).toEqual(
      idsOf((await memory.figures.search(localOperator, byFigure(7, { first: 7 }))).hits),
    );
  });

  it('passes over figures that were deleted meanwhile, and fills the page', async () => {
    const first = await memory.figures.search(localOperator, byWords('lung', { first: 5 }));
    const all = await memory.figures.search(localOperator, byWords('lung', { first: 30 }));
    await memory.deleteStored(all.hits[5]?.figureId ?? '');
    const next = await memory.figures.search(localOperator, byWords('lung', { first: 5 }), {
      after: first.hits[4]?.cursor ?? null,
    });
    expect(idsOf(next.hits)).toEqual(idsOf(all.hits.slice(6, 11)));
  });

  it('counts the figures that hold the words', async () => {
    expect((await memory.figures.search(localOperator, byWords('lung'))).info.total).toBe(30);
    expect((await memory.figures.search(localOperator, byWords('spleen'))).hits).toEqual([]);
  });

  /** A figure with the vectors of figure 7. */
  function copyOf7(number: number, image: string): StoredFigure {
    const copy = drawnFigure(7, memory.encoder.model);
    const panelId = panelIdOf(id(number), 0);
    return {
      ...copy,
      figure: { ...copy.figure, id: id(number), imageHash: imageHashOf(Buffer.from(image)) },
      panels: copy.panels.map((panel) => ({ ...panel, id: panelId, figureId: id(number) })),
      embeddings: copy.embeddings.map((one) => ({ ...one, panelId })),
    };
  }

  it('takes figures with the same picture together, the better one first', async () => {
    await memory.add(copyOf7(100, 'copy'));
    for (const number of [7, 100]) memory.stored.panels.groups.set(panelIdOf(id(number), 0), 1);
    const { hits } = await memory.figures.search(localOperator, byFigure(7));
    const together = new Set([hits[0]?.figureId, ...(hits[0]?.duplicates ?? [])]);
    expect(together).toEqual(new Set([id(7), id(100)]));
    const apart = await memory.figures.search(localOperator, byFigure(7, { collapseDuplicates: false }));
    expect(new Set(idsOf(apart.hits.slice(0, 2)))).toEqual(new Set([id(7), id(100)]));
  });

  it('takes equal files together before they were compared', async () => {
    await memory.add(copyOf7(100, 'file'));
    await memory.add(copyOf7(101, 'file'));
    const { hits } = await memory.figures.search(localOperator, byFigure(7));
    const groups = hits.map(({ figureId, duplicates }) => new Set([figureId, ...duplicates]));
    expect(groups.filter((group) => group.has(id(100)))).toEqual([new Set([id(100), id(101)])]);
    expect(groups.filter((group) => group.has(id(101)))).toHaveLength(1);
  });

  it('hides nothing for being near by its vectors', async () => {
    await memory.add(copyOf7(100, 'another picture'));
    const { hits } = await memory.figures.search(localOperator, byFigure(7));
    expect(hits.slice(0, 2).map(({ figureId, duplicates }) => [figureId, duplicates.length])).toEqual(
      expect.arrayContaining([
        [id(7), 0],
        [id(100), 0],
      ]),
    );
  });

  it('names the panel that answers, once for its figure', async () => {
    const whole = figureOf(200, 'three parts');
    const parts = [1, 2].map((ordinal) => ({
      ...{ id: panelIdOf(id(200), ordinal), figureId: id(200), label: `${ordinal}` },
      ...{ caption: ordinal === 2 ? 'spleen' : 'heart', box: { x: 0, y: 0, width: 1, height: 1 } },
    }));
    await memory.add({ ...whole, panels: [...whole.panels, ...parts] });
    const { hits } = await memory.figures.search(localOperator, byWords('spleen'));
    expect(hits).toMatchObject([
      { figureId: id(200), panelId: panelIdOf(id(200), 2), stored: { panel: { label: '2' } } },
    ]);
  });

  it('finds figures like a stored one, without it, and refuses words for that', async () => {
    const options = { first: 5, channels: null, filter: null };
    const { hits } = await memory.figures.similar(localOperator, panelIdOf(id(7), 0), options);
    expect(hits).toHaveLength(5);
    expect(idsOf(hits)).not.toContain(id(7));
    await expect(
      memory.figures.similar(localOperator, panelIdOf(id(7), 0), { ...options, channels: ['KEYWORD'] }),
    ).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  it('joins the channels: what is best in both stands before what is best in one', async () => {
    const { hits } = await memory.figures.search(
      localOperator,
      byFigure(7, { channels: null, terms: [...byFigure(7).terms, ...byWords('liver').terms] }),
    );
    expect(hits[0]?.figureId).toBe(id(7));
    expect(hits[0]?.evidence.map(({ channel }) => channel)).toEqual(['IMAGE', 'CAPTION', 'KEYWORD']);
  });

  it('keeps a later page within the filter of the first one, and refuses the cursor of another query', async () => {
    const filter = { articleIds: [articleIdOf('article-2')] };
    const { hits, info } = await memory.figures.search(localOperator, byFigure(7, { filter, first: 4 }));
    expect(info.total).toBe(10);
    const next = await memory.figures.search(localOperator, byFigure(7, { filter, first: 40 }), {
      after: hits[3]?.cursor ?? null,
    });
    expect(hits.length + next.hits.length).toBe(10);
    await expect(
      memory.figures.search(localOperator, byFigure(8), { after: hits[3]?.cursor ?? null }),
    ).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  it('says which figure does not exist', async () => {
    await expect(memory.figures.search(localOperator, byFigure(999))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining(id(999)),
    });
  });

  it('ranks articles by their figures, each article once', async () => {
    const { hits, hasNextPage } = await memory.articles.run(localOperator, byFigure(7, { first: 4 }));
    expect(hits).toHaveLength(4);
    expect(hasNextPage).toBe(true);
    expect(hits[0]?.figures[0]?.figureId).toBe(id(7));
    expect(hits[0]?.articleId).toBe(articleIdOf('article-1'));
    const rest = await memory.articles.run(localOperator, byFigure(7, { first: 4 }), {
      after: hits[3]?.cursor ?? null,
    });
    expect(new Set([...hits, ...rest.hits].map(({ articleId }) => articleId)).size).toBe(6);
    expect(rest.hasNextPage).toBe(false);
  });
});
