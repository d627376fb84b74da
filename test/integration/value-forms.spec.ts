import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newPlace, startServer, type Server } from '../support/figseek-process.js';
import { askData, ingestSource, makeImage } from '../support/source-ingest.js';

describe('values that are written in several ways', () => {
  let server: Server;

  beforeAll(async () => {
    const place = newPlace();
    const folder = mkdtempSync(path.join(tmpdir(), 'values-'));
    const records = [
      { labels: ['Sj\u00f6gren'], modality: 'MRI', article: { title: 'A', journal: 'M\u00e9decine', doi: '10.1/A' } },
      {
        labels: ['Sjo\u0308gren'],
        modality: 'mri ',
        article: { title: 'A', journal: 'M\u00c9DECINE', doi: 'https://doi.org/10.1/a' },
      },
      {
        labels: ['Sj\u00f6gren '],
        modality: 'MRI',
        article: { title: 'A', journal: 'me\u0301decine', doi: 'DOI: 10.1/A', pmcid: 'PMC9' },
      },
      { labels: ['sjögren'], article: { title: 'B', pmcid: 'PMC123' } },
      { labels: ['gut', 'GUT'], article: { title: 'B', pmcid: '123' } },
      { labels: [], article: { title: 'B', pmcid: 'pmc123 ' } },
      { labels: [], article: { title: 'C', pmcid: 'PMC77' } },
      { labels: [], article: { title: 'C', doi: '10.7/C' } },
      { labels: [], article: { title: 'C', pmcid: '77', doi: 'https://doi.org/10.7/c' } },
      { labels: [], article: { title: 'No ids', journal: 'J', year: 2001 } },
      { labels: [], article: { title: 'no  ids', journal: 'j', year: 2001 } },
    ];
    const lines: string[] = [];
    for (const [i, record] of records.entries()) {
      writeFileSync(path.join(folder, `${i}.png`), await makeImage(40 + i));
      lines.push(JSON.stringify({ id: `v${i}`, image: `${i}.png`, caption: `figure ${i}`, ...record }));
    }
    writeFileSync(path.join(folder, 'values.jsonl'), lines.join('\n'));
    expect(await ingestSource(place, path.join(folder, 'values.jsonl'))).toMatchObject({ added: records.length });
    server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
  });
  afterAll(() => server.stop());

  const keysOf = async (reference: string): Promise<readonly string[]> => {
    const { article } = await askData<{ article: { figures: { sourceKey: string }[] } | null }>(
      server,
      `{ article(${reference}) { figures { sourceKey } } }`,
    );
    return article?.figures.map(({ sourceKey }) => sourceKey) ?? [];
  };

  it.each(['doi: "10.1/a"', 'doi: "10.1/A"', 'doi: "https://doi.org/10.1/A"', 'doi: "doi:10.1/A"', 'pmcid: "pmc9"'])(
    'are one article, by %s',
    async (reference) => {
      expect(await keysOf(reference)).toEqual(['v0', 'v1', 'v2']);
    },
  );

  it.each(['pmcid: "PMC123"', 'pmcid: "pmc123"', 'pmcid: "123"'])('are one article, by %s', async (reference) => {
    expect(await keysOf(reference)).toEqual(['v3', 'v4', 'v5']);
  });

  it.each(['pmcid: "PMC77"', 'doi: "10.7/C"'])(
    'are one article that a later record joins, by %s',
    async (reference) => {
      expect(await keysOf(reference)).toEqual(['v6', 'v7', 'v8']);
    },
  );

  it('is no article by an id that was made to take long', async () => {
    expect(await keysOf(`pmcid: "/articles/PMCID:${' '.repeat(200_000)}x"`)).toEqual([]);
  });

  it('are one article without ids, by title, journal and year', async () => {
    const { figures } = await askData<{ figures: { nodes: { article: { id: string } }[] } }>(
      server,
      '{ figures(first: 50) { nodes { article { id } } } }',
    );
    expect(new Set(figures.nodes.map(({ article }) => article.id)).size).toBe(4);
  });

  it.each([
    ['labels: ["Sjögren"]', 4],
    ['labels: ["SJO\u0308GREN "]', 4],
    ['journals: ["Médecine"]', 3],
    ['modalities: ["mri"]', 3],
    ['labels: ["Gut"]', 1],
  ])('are one value of a filter: %s', async (filter, total) => {
    const { searchFigures } = await askData<{ searchFigures: { info: { total: number } } }>(
      server,
      `{ searchFigures(query: {text: "figure"}, filter: {${filter}}) { info { total } } }`,
    );
    expect(searchFigures.info.total).toBe(total);
  });

  it('are one value of a facet, whose count is what its filter finds', async () => {
    const { searchFigures } = await askData<{
      searchFigures: { facets: { field: string; values: { value: string; count: number; hits: number }[] }[] };
    }>(server, '{ searchFigures(query: {text: "figure"}) { facets { field values { value count hits } } } }');
    const values = (field: string) => searchFigures.facets.find((facet) => facet.field === field)?.values;
    expect(values('label')).toEqual([
      { value: 'Sjögren', count: 4, hits: 4 },
      { value: 'gut', count: 1, hits: 1 },
    ]);
    expect(values('journal')?.map(({ count }) => count)).toEqual([3, 2]);
    expect(values('modality')).toEqual([{ value: 'MRI', count: 3, hits: 3 }]);
  });

  it('names no next page of articles where the figures of all further ones were deleted', async () => {
    const page = (after: string | null) =>
      askData<{
        searchArticles: { nodes: { article: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      }>(
        server,
        `query ($after: String) { searchArticles(query: {text: "figure"}, first: 1, after: $after) {
          nodes { article { id } } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
    const { searchArticles: first } = await page(null);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const { figures } = await askData<{ figures: { nodes: { id: string; article: { id: string } }[] } }>(
      server,
      '{ figures(first: 50) { nodes { id article { id } } } }',
    );
    for (const { id, article } of figures.nodes) {
      if (article.id !== first.nodes[0]?.article.id) await askData(server, `mutation { deleteFigure(id: "${id}") }`);
    }
    const { searchArticles: next } = await page(first.pageInfo.endCursor);
    expect(next).toMatchObject({ nodes: [], pageInfo: { hasNextPage: false } });
    expect((await page(null)).searchArticles.nodes).toHaveLength(1);
  });
});
