import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SearchServer } from '../support/search-server.js';

describe('pages of a search', () => {
  const size = 240;
  let server: SearchServer;

  beforeAll(async () => {
    server = await SearchServer.start(size);
  });

  afterAll(async () => {
    await server.stop();
  });

  it('lists every figure once, down to the last', async () => {
    const nodes = await server.allPages({ query: { text: 'medical image', collapseDuplicates: false } }, 37);
    expect(nodes).toHaveLength(size);
    expect(new Set(nodes.map(({ figure }) => figure.id)).size).toBe(size);
    expect(nodes.map(({ rank }) => rank)).toEqual(nodes.map((_, i) => i + 1));
  });

  it('neither repeats nor skips while figures are added and deleted', async () => {
    const plain = { query: { text: 'microscopy', collapseDuplicates: false } };
    const before = (await server.allPages(plain, 60)).map(({ figure }) => figure.id);
    const added: string[] = [];
    const nodes = await server.allPages(plain, 20, async (page) => {
      for (let i = 0; i < 3; i++) {
        const base64 = server.imageInBase64((page * 3 + i) % size);
        const input = { base64, caption: `microscopy, added on page ${page}`, sourceKey: `added-${page}-${i}` };
        const { data, errors } = await server.ask(
          `mutation ($input: AddFigureInput!) { addFigure(input: $input) { id } }`,
          {
            input,
          },
        );
        expect(errors).toBeUndefined();
        added.push((data?.['addFigure'] as { id: string }).id);
      }
      const gone = added.shift();
      expect((await server.ask(`mutation ($id: ID!) { deleteFigure(id: $id) }`, { id: gone })).errors).toBeUndefined();
    });
    const ids = nodes.map(({ figure }) => figure.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(before);
    // A new search sees what was added, at once.
    const now = await server.search({ query: { text: 'added on page', channels: ['KEYWORD'] }, first: 100 });
    expect(now.nodes.length).toBeGreaterThanOrEqual(1);
    for (const id of added) await server.ask(`mutation ($id: ID!) { deleteFigure(id: $id) }`, { id });
    expect((await server.search({ query: { text: 'image' }, first: 1 })).info.total).toBe(size);
  });

  it('refuses cursors that are forged, of another query, or none', async () => {
    const { edges } = await server.search({ query: { text: 'ct' }, first: 2 });
    const cursor = edges[0]?.cursor ?? '';
    expect(await server.refusalOf({ query: { text: 'mri' }, after: cursor })).toMatch(/another query/);
    expect(await server.refusalOf({ query: { text: 'ct' }, after: cursor.replace(/\.1\./, '.2.') })).toMatch(/damaged/);
    expect(await server.refusalOf({ query: { text: 'ct' }, after: 'nonsense' })).toMatch(/cursor of an earlier page/);
  });

  it('finds articles by an image alone, with the figures that made them fit', async () => {
    const image = server.images[3];
    const articles = `query ($query: SearchInput!, $first: Int, $after: String) {
      searchArticles(query: $query, first: $first, after: $after) {
        nodes { rank score article { id title } figures { figure { sourceKey article { id } } } }
        pageInfo { hasNextPage endCursor }
      }
    }`;
    const base64 = server.imageInBase64(3);
    interface Found {
      nodes: {
        score: number;
        article: { id: string };
        figures: { figure: { sourceKey: string; article: { id: string } } }[];
      }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    }
    const page = async (after: string | null): Promise<Found> => {
      const { data, errors } = await server.ask(articles, { query: { image: { base64 } }, first: 4, after });
      expect(errors).toBeUndefined();
      return data?.['searchArticles'] as Found;
    };
    const first = await page(null);
    const shown = first.nodes.map(({ figures }) => figures[0]?.figure.sourceKey);
    expect(shown).toContain(image?.id);
    for (const { article, figures } of first.nodes) {
      expect(figures.every(({ figure }) => figure.article.id === article.id)).toBe(true);
    }
    const second = await page(first.pageInfo.endCursor);
    const ids = [...first.nodes, ...second.nodes].map(({ article }) => article.id);
    expect(new Set(ids).size).toBe(ids.length);
    const scores = [...first.nodes, ...second.nodes].map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it('shows one figure of near-identical ones, and names the others', async () => {
    const [image] = server.images;
    const base64 = server.imageInBase64(0);
    const input = { base64, caption: 'the same image once more', sourceKey: 'copy' };
    const { data } = await server.ask(`mutation ($input: AddFigureInput!) { addFigure(input: $input) { id } }`, {
      input,
    });
    const variables = { query: { image: { base64 }, channels: ['IMAGE'] }, first: 5 };
    const { nodes } = await server.search(variables);
    expect([nodes[0]?.figure.sourceKey, ...(nodes[0]?.duplicates.map(({ sourceKey }) => sourceKey) ?? [])]).toEqual(
      expect.arrayContaining([image?.id, 'copy']),
    );
    const { id } = data?.['addFigure'] as { id: string };
    expect((await server.ask(`mutation ($id: ID!) { deleteFigure(id: $id) }`, { id })).errors).toBeUndefined();
    expect(
      (await server.ask(`mutation ($id: ID!) { deleteFigure(id: $id) }`, { id })).errors?.[0]?.extensions.code,
    ).toBe('NOT_FOUND');
  });
});
