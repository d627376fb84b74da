import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodePng } from '../../src/imaging/encode.js';
import { newPlace, run, startServer, type Place, type Server } from '../support/figseek-process.js';

/** A small picture of one color; another number is another picture. */
function picture(number: number): Promise<Buffer> {
  const data = new Uint8Array(8 * 8 * 3).map((_, i) => (i * 7 + number * 31) % 256);
  return encodePng({ width: 8, height: 8, data }).then((bytes) => Buffer.from(bytes));
}

async function writeFolder(folder: string, images: Readonly<Record<string, number>>): Promise<string> {
  mkdirSync(folder, { recursive: true });
  for (const [name, number] of Object.entries(images)) {
    writeFileSync(path.join(folder, name), await picture(number));
    writeFileSync(path.join(folder, name.replace('.png', '.txt')), `caption of picture ${number}`);
  }
  return folder;
}

interface Report {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly deleted: number;
  readonly sourceName: string;
  readonly faults: readonly { readonly code: string; readonly message: string }[];
}

async function ingest(place: Place, ...args: readonly string[]): Promise<Report> {
  const { stdout, stderr } = await run(place, ['ingest', ...args, '--json']);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Report;
}

async function ask<T>(server: Server, query: string, variables: object = {}): Promise<T> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

describe('records and their sources', () => {
  let place: Place;
  let root: string;
  const figures = async (): Promise<readonly { id: string; source: string | null; caption: string }[]> => {
    const server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
    try {
      type Listed = { figures: { nodes: { id: string; source: string | null; caption: string }[] } };
      return (await ask<Listed>(server, '{ figures(first: 50) { nodes { id source caption } } }')).figures.nodes;
    } finally {
      await server.stop();
    }
  };

  beforeAll(() => {
    place = newPlace();
    root = mkdtempSync(path.join(tmpdir(), 'sources-'));
  });

  it('keeps the figures of two folders that name their files alike', async () => {
    const one = await writeFolder(path.join(root, 'one/slides'), { 'figure1.png': 1, 'figure2.png': 2 });
    const two = await writeFolder(path.join(root, 'two/slides'), { 'figure1.png': 3 });
    expect(await ingest(place, one)).toMatchObject({ added: 2, sourceName: 'slides' });
    const before = await figures();
    expect(await ingest(place, two)).toMatchObject({ added: 1, updated: 0, sourceName: 'slides-2' });
    const after = await figures();
    expect(after.slice(0, 2)).toEqual(before);
    expect(after.map(({ source, caption }) => `${source ?? ''}: ${caption}`)).toEqual([
      'slides: caption of picture 1',
      'slides: caption of picture 2',
      'slides-2: caption of picture 3',
    ]);
    expect(await ingest(place, one)).toMatchObject({ unchanged: 2, sourceName: 'slides' });
    expect(await ingest(place, two)).toMatchObject({ unchanged: 1, sourceName: 'slides-2' });
  });

  it('refuses what belongs to another source, until a person says which source it is', async () => {
    const moved = await writeFolder(path.join(root, 'moved/slides'), { 'figure1.png': 1, 'figure2.png': 2 });
    writeFileSync(path.join(moved, 'figure1.txt'), 'another caption');
    const refused = await ingest(place, moved);
    expect(refused).toMatchObject({ added: 0, updated: 0, rejected: 2 });
    expect(refused.faults[0]).toMatchObject({
      code: 'OTHER_SOURCE',
      message: expect.stringMatching(/belongs to the source “slides”.*--source "slides".*another name/s) as unknown,
    });
    expect(await ingest(place, moved, '--source', 'slides')).toMatchObject({ updated: 1, unchanged: 1, rejected: 0 });
    expect(await ingest(place, moved, '--source', 'copies')).toMatchObject({ added: 2, sourceName: 'copies' });
    const { code, stderr } = await run(place, ['ingest', moved, '--source', ' ']);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/name of a source/) as unknown });
  });

  it('does not take a deleted figure again, unless it is asked to; then it returns to its collections', async () => {
    const folder = await writeFolder(path.join(root, 'deleted'), { 'a.png': 11, 'b.png': 12 });
    await ingest(place, folder);
    const [gone] = (await figures()).filter(({ caption }) => caption === 'caption of picture 11');
    const server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
    let collection: string;
    try {
      const made = await ask<{ createCollection: { id: string } }>(
        server,
        'mutation { createCollection(name: "Mine") { id } }',
      );
      collection = made.createCollection.id;
      await ask(
        server,
        'mutation ($c: ID!, $f: [ID!]!) { addToCollection(id: $c, figureIds: $f, note: "why") { id } }',
        {
          c: collection,
          f: [gone?.id],
        },
      );
      await ask(server, 'mutation ($id: ID!) { deleteFigure(id: $id) }', { id: gone?.id });
    } finally {
      await server.stop();
    }
    expect(await ingest(place, folder)).toMatchObject({ added: 0, unchanged: 2, deleted: 1 });
    expect((await run(place, ['ingest', folder])).stdout).toMatch(/1 of them stay out because they were deleted here/);
    expect(await ingest(place, folder, '--restore-deleted')).toMatchObject({ added: 1, deleted: 0 });
    const again = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
    try {
      const { collection: found } = await ask<{ collection: { items: { nodes: object[] } } }>(
        again,
        'query ($c: ID!) { collection(id: $c) { items { nodes { note figure { id caption } } } } }',
        { c: collection },
      );
      expect(found.items.nodes).toEqual([{ note: 'why', figure: { id: gone?.id, caption: gone?.caption } }]);
    } finally {
      await again.stop();
    }
  });
});

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
      writeFileSync(path.join(folder, `${i}.png`), await picture(40 + i));
      lines.push(JSON.stringify({ id: `v${i}`, image: `${i}.png`, caption: `figure ${i}`, ...record }));
    }
    writeFileSync(path.join(folder, 'values.jsonl'), lines.join('\n'));
    expect(await ingest(place, path.join(folder, 'values.jsonl'))).toMatchObject({ added: records.length });
    server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
  });
  afterAll(() => server.stop());

  const keysOf = async (reference: string): Promise<readonly string[]> => {
    const { article } = await ask<{ article: { figures: { sourceKey: string }[] } | null }>(
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
    const { figures } = await ask<{ figures: { nodes: { article: { id: string } }[] } }>(
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
    const { searchFigures } = await ask<{ searchFigures: { info: { total: number } } }>(
      server,
      `{ searchFigures(query: {text: "figure"}, filter: {${filter}}) { info { total } } }`,
    );
    expect(searchFigures.info.total).toBe(total);
  });

  it('are one value of a facet, whose count is what its filter finds', async () => {
    const { searchFigures } = await ask<{
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
      ask<{
        searchArticles: { nodes: { article: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      }>(
        server,
        `query ($after: String) { searchArticles(query: {text: "figure"}, first: 1, after: $after) {
          nodes { article { id } } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
    const { searchArticles: first } = await page(null);
    expect(first.pageInfo.hasNextPage).toBe(true);
    const { figures } = await ask<{ figures: { nodes: { id: string; article: { id: string } }[] } }>(
      server,
      '{ figures(first: 50) { nodes { id article { id } } } }',
    );
    for (const { id, article } of figures.nodes) {
      if (article.id !== first.nodes[0]?.article.id) await ask(server, `mutation { deleteFigure(id: "${id}") }`);
    }
    const { searchArticles: next } = await page(first.pageInfo.endCursor);
    expect(next).toMatchObject({ nodes: [], pageInfo: { hasNextPage: false } });
    expect((await page(null)).searchArticles.nodes).toHaveLength(1);
  });
});
