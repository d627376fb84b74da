import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newPlace, run, startServer, writeCorpus, type Server } from '../support/figseek-process.js';

interface Node {
  readonly rank: number;
  readonly score: number;
  readonly evidence: readonly { readonly channel: string; readonly rank: number; readonly score: number }[];
  readonly duplicates: readonly { readonly sourceKey: string }[];
  readonly figure: {
    readonly id: string;
    readonly sourceKey: string;
    readonly labels: readonly string[];
    readonly license: string | null;
  };
}

interface Connection {
  readonly nodes: readonly Node[];
  readonly edges: readonly { readonly cursor: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly facets: readonly {
    readonly field: string;
    readonly values: readonly { readonly value: string; readonly count: number; readonly hits: number }[];
  }[];
  readonly info: { readonly exact: boolean; readonly total: number; readonly totalIsExact: boolean };
}

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

const query = `query ($query: SearchInput!, $filter: FigureFilter, $first: Int, $after: String) {
  searchFigures(query: $query, filter: $filter, first: $first, after: $after) {
    nodes { rank score evidence { channel rank score } duplicates { sourceKey } figure { id sourceKey labels license } }
    edges { cursor }
    pageInfo { hasNextPage endCursor }
    facets { field values { value count hits } }
    info { exact total totalIsExact }
  }
}`;

describe('search', () => {
  let server: Server;
  let images: readonly { readonly id: string; readonly file: string }[];
  const size = 240;

  beforeAll(async () => {
    const place = newPlace();
    const corpus = await writeCorpus(size);
    const { code, stderr } = await run(place, ['ingest', corpus]);
    if (code !== 0) throw new Error(stderr);
    images = readFileSync(corpus, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; image: string })
      .map(({ id, image }) => ({ id, file: path.join(path.dirname(corpus), image) }));
    server = await startServer(place);
  });

  afterAll(async () => {
    await server.stop();
  });

  async function ask(text: string, variables: object): Promise<Answer> {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query: text, variables }),
    });
    return (await response.json()) as Answer;
  }

  async function search(variables: object): Promise<Connection> {
    const { data, errors } = await ask(query, variables);
    if (errors !== undefined) throw new Error(errors[0]?.message);
    return data?.['searchFigures'] as Connection;
  }

  async function faultOf(variables: object): Promise<string> {
    const { errors } = await ask(query, variables);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    return errors?.[0]?.message ?? '';
  }

  async function allPages(variables: object, first: number, between: (page: number) => Promise<void> = async () => {}) {
    const nodes: Node[] = [];
    let after: string | null = null;
    for (let page = 0; ; page++) {
      const answer: Connection = await search({ ...variables, first, after });
      nodes.push(...answer.nodes);
      if (!answer.pageInfo.hasNextPage) return nodes;
      after = answer.pageInfo.endCursor;
      await between(page);
    }
  }

  describe('filters', () => {
    it('finds only what every condition allows, and counts it', async () => {
      const everything = await search({ query: { text: 'image' }, first: 1 });
      expect(everything.info.total).toBe(size);
      const label = everything.facets.find(({ field }) => field === 'label')?.values[0];
      if (label === undefined) throw new Error('The samples have labels');
      const only = await allPages(
        { query: { text: 'image', collapseDuplicates: false }, filter: { labels: [label.value] } },
        50,
      );
      expect(only).toHaveLength(label.count);
      expect(only.every(({ figure }) => figure.labels.includes(label.value))).toBe(true);
      const others = await search({
        query: { text: 'image' },
        filter: { not: { labels: [label.value.toUpperCase()] } },
      });
      expect(others.info.total).toBe(size - label.count);
      const none = await search({
        query: { text: 'image' },
        filter: { and: [{ labels: [label.value] }, { not: { labels: [label.value] } }] },
      });
      expect(none.nodes).toEqual([]);
      expect(none.info).toMatchObject({ total: 0, exact: true });
    });

    it('gives facets of the whole filtered set and of the hits', async () => {
      const { facets, info } = await search({ query: { text: 'x-ray' }, first: 5 });
      expect(facets.map(({ field }) => field)).toEqual(['modality', 'year', 'license', 'journal', 'label']);
      for (const { values } of facets) {
        for (const { count, hits } of values) expect(hits).toBeLessThanOrEqual(count);
      }
      const license = facets.find(({ field }) => field === 'license')?.values ?? [];
      expect(license.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(info.total);
    });

    it.each([
      [{ yearFrom: 2020, yearTo: 2010 }, /yearFrom/],
      [{ labels: Array.from({ length: 1001 }, String) }, /1000 values in labels/],
      [{ or: Array.from({ length: 70 }, () => ({})) }, /64 parts/],
    ])('refuses %j with what was expected', async (filter, message) => {
      expect(await faultOf({ query: { text: 'x' }, filter })).toMatch(message);
    });
  });

  describe('terms', () => {
    it('pushes away what has a negative weight', async () => {
      const blot = (nodes: readonly Node[]): number =>
        nodes.filter(({ figure }) => figure.labels.includes('western blot')).length;
      const terms = [{ text: 'western blot' }, { text: 'growth curve plot', weight: 0.9 }];
      const both = await search({ query: { terms, channels: ['IMAGE'] }, first: 20 });
      const without = await search({
        query: { terms: [{ text: 'growth curve plot' }, { text: 'western blot', weight: -1 }], channels: ['IMAGE'] },
        first: 20,
      });
      expect(blot(both.nodes)).toBeGreaterThan(0);
      expect(blot(without.nodes)).toBe(0);
    });

    it('searches by a region of a stored figure', async () => {
      const { nodes } = await search({ query: { text: 'chest radiograph' }, first: 1 });
      const figureId = nodes[0]?.figure.id;
      const whole = { x: 0, y: 0, width: 1, height: 1 };
      const answer = await search({ query: { image: { figureId, region: whole }, channels: ['IMAGE'] }, first: 1 });
      expect(answer.nodes[0]?.figure.id).toBe(figureId);
      expect(answer.nodes[0]?.evidence[0]?.score).toBeGreaterThan(0.99);
    });

    it.each([
      [{ terms: [{ text: 'a', weight: -1 }] }, /at least one with a positive weight/],
      [{ terms: [{ text: 'a', weight: 0 }] }, /not 0/],
      [{ terms: [{ text: 'a', image: { figureId: 'b' } }] }, /either a text or an image/],
      [{ terms: [{ text: 'a' }, { text: 'a', weight: -1 }], channels: ['IMAGE'] }, /cancel/],
      [{ image: { figureId: 'b', region: { x: 0.5, y: 0, width: 0.6, height: 1 } } }, /inside the image/],
      [{ text: 'a', minRelativeScore: 2 }, /minRelativeScore/],
      [{}, /empty/],
    ])('refuses %j with what was expected', async (input, message) => {
      expect(await faultOf({ query: input })).toMatch(message);
    });
  });

  describe('words', () => {
    it('takes any text for a query: none of it can be a syntax error', async () => {
      const odd = [
        '"',
        '(',
        'AND',
        'NOT',
        '*',
        '-',
        ':',
        'a:b',
        '"a" NOT (',
        'NEAR(a b)',
        '{x} : y',
        "'; DROP TABLE figure; --",
        '^a',
        'a + b',
        '\\',
        '\u0000',
        'caption:"x',
      ];
      const letters = [
        '"',
        '(',
        ')',
        '*',
        '-',
        ':',
        ' ',
        'AND',
        'OR',
        'NOT',
        'α',
        'x',
        '{',
        '}',
        '^',
        '+',
        '.',
        'journal:',
      ];
      for (let i = 0; i < 200; i++) {
        odd.push(
          Array.from({ length: 1 + (i % 9) }, (_, j) => letters[(i * 7 + j * (3 + (i % 5))) % letters.length]).join(
            i % 2 ? '' : ' ',
          ),
        );
      }
      for (const text of odd.filter((one) => one.trim() !== '')) {
        const { errors } = await ask(query, { query: { text, channels: ['KEYWORD'] }, first: 1 });
        expect({ text, errors }).toEqual({ text, errors: undefined });
      }
    });

    it('finds phrases, leaves out what NOT names, and looks only where a field says', async () => {
      const found = async (text: string) =>
        (await search({ query: { text, channels: ['KEYWORD'] }, first: 1 })).info.total;
      expect(await found('western')).toBeGreaterThan(0);
      expect(await found('"blot western"')).toBe(0);
      expect(await found('western NOT blot')).toBe(0);
      expect(await found('journal:western')).toBe(0);
      expect(await found('west*')).toBeGreaterThanOrEqual(await found('western'));
    });
  });

  it('says which part of the caption fits, by words or by meaning', async () => {
    const snippets = `query ($query: SearchInput!) { searchFigures(query: $query, first: 8) { nodes { snippet figure { caption } } } }`;
    const ofQuery = async (input: object) => {
      const { data, errors } = await ask(snippets, { query: input });
      expect(errors).toBeUndefined();
      return (data?.['searchFigures'] as { nodes: { snippet: string | null; figure: { caption: string } }[] }).nodes;
    };
    const byWords = await ofQuery({ text: 'western blots', channels: ['KEYWORD'] });
    expect(byWords.every(({ snippet }) => /<mark>(?:western|blot)/i.test(snippet ?? ''))).toBe(true);
    const byImage = await ofQuery({ image: { base64: readFileSync(images[0]?.file ?? '').toString('base64') } });
    for (const { snippet, figure } of byImage) {
      expect(snippet === null).toBe(figure.caption === '');
      expect(snippet ?? '').not.toContain('<mark>');
    }
  });

  describe('pages', () => {
    it('lists every figure once, down to the last', async () => {
      const nodes = await allPages({ query: { text: 'medical image', collapseDuplicates: false } }, 37);
      expect(nodes).toHaveLength(size);
      expect(new Set(nodes.map(({ figure }) => figure.id)).size).toBe(size);
      expect(nodes.map(({ rank }) => rank)).toEqual(nodes.map((_, i) => i + 1));
    });

    it('neither repeats nor skips while figures are added and deleted', async () => {
      const plain = { query: { text: 'microscopy', collapseDuplicates: false } };
      const before = (await allPages(plain, 60)).map(({ figure }) => figure.id);
      const added: string[] = [];
      const nodes = await allPages(plain, 20, async (page) => {
        for (let i = 0; i < 3; i++) {
          const image = images[(page * 3 + i) % images.length];
          const base64 = readFileSync(image?.file ?? '').toString('base64');
          const input = { base64, caption: `microscopy, added on page ${page}`, sourceKey: `added-${page}-${i}` };
          const { data, errors } = await ask(`mutation ($input: AddFigureInput!) { addFigure(input: $input) { id } }`, {
            input,
          });
          expect(errors).toBeUndefined();
          added.push((data?.['addFigure'] as { id: string }).id);
        }
        const gone = added.shift();
        expect((await ask(`mutation ($id: ID!) { deleteFigure(id: $id) }`, { id: gone })).errors).toBeUndefined();
      });
      const ids = nodes.map(({ figure }) => figure.id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(before);
      // A new search sees what was added, at once.
      const now = await search({ query: { text: 'added on page', channels: ['KEYWORD'] }, first: 100 });
      expect(now.nodes.length).toBeGreaterThanOrEqual(1);
      for (const id of added) await ask(`mutation ($id: ID!) { deleteFigure(id: $id) }`, { id });
      expect((await search({ query: { text: 'image' }, first: 1 })).info.total).toBe(size);
    });

    it('refuses cursors that are forged, of another query, or none', async () => {
      const { edges } = await search({ query: { text: 'ct' }, first: 2 });
      const cursor = edges[0]?.cursor ?? '';
      expect(await faultOf({ query: { text: 'mri' }, after: cursor })).toMatch(/another query/);
      expect(await faultOf({ query: { text: 'ct' }, after: cursor.replace(/\.1\./, '.2.') })).toMatch(/damaged/);
      expect(await faultOf({ query: { text: 'ct' }, after: 'nonsense' })).toMatch(/cursor of an earlier page/);
    });
  });

  it('finds articles by an image alone, with the figures that made them fit', async () => {
    const image = images[3];
    const articles = `query ($query: SearchInput!, $first: Int, $after: String) {
      searchArticles(query: $query, first: $first, after: $after) {
        nodes { rank score article { id title } figures { figure { sourceKey article { id } } } }
        pageInfo { hasNextPage endCursor }
      }
    }`;
    const base64 = readFileSync(image?.file ?? '').toString('base64');
    interface Found {
      nodes: {
        score: number;
        article: { id: string };
        figures: { figure: { sourceKey: string; article: { id: string } } }[];
      }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    }
    const page = async (after: string | null): Promise<Found> => {
      const { data, errors } = await ask(articles, { query: { image: { base64 } }, first: 4, after });
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
    const [image] = images;
    const base64 = readFileSync(image?.file ?? '').toString('base64');
    const input = { base64, caption: 'the same picture once more', sourceKey: 'copy' };
    const { data } = await ask(`mutation ($input: AddFigureInput!) { addFigure(input: $input) { id } }`, { input });
    const variables = { query: { image: { base64 }, channels: ['IMAGE'] }, first: 5 };
    const { nodes } = await search(variables);
    expect([nodes[0]?.figure.sourceKey, ...(nodes[0]?.duplicates.map(({ sourceKey }) => sourceKey) ?? [])]).toEqual(
      expect.arrayContaining([image?.id, 'copy']),
    );
    const { id } = data?.['addFigure'] as { id: string };
    expect((await ask(`mutation ($id: ID!) { deleteFigure(id: $id) }`, { id })).errors).toBeUndefined();
    expect((await ask(`mutation ($id: ID!) { deleteFigure(id: $id) }`, { id })).errors?.[0]?.extensions.code).toBe(
      'NOT_FOUND',
    );
  });
});
