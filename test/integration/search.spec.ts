import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SearchServer, searchDocument, type HitNode } from '../support/search-server.js';

describe('search', () => {
  const size = 240;
  let server: SearchServer;

  beforeAll(async () => {
    server = await SearchServer.start(size);
  });

  afterAll(async () => {
    await server.stop();
  });

  describe('filters', () => {
    it('finds only what every condition allows, and counts it', async () => {
      const everything = await server.search({ query: { text: 'image' }, first: 1 });
      expect(everything.info.total).toBe(size);
      const label = everything.facets.find(({ field }) => field === 'label')?.values[0];
      if (label === undefined) throw new Error('The samples have labels');
      const only = await server.allPages(
        { query: { text: 'image', collapseDuplicates: false }, filter: { labels: [label.value] } },
        50,
      );
      expect(only).toHaveLength(label.count);
      expect(only.every(({ figure }) => figure.labels.includes(label.value))).toBe(true);
      const others = await server.search({
        query: { text: 'image' },
        filter: { not: { labels: [label.value.toUpperCase()] } },
      });
      expect(others.info.total).toBe(size - label.count);
      const none = await server.search({
        query: { text: 'image' },
        filter: { and: [{ labels: [label.value] }, { not: { labels: [label.value] } }] },
      });
      expect(none.nodes).toEqual([]);
      expect(none.info).toMatchObject({ total: 0, exact: true });
    });

    it('gives facets of the whole filtered set and of the hits', async () => {
      const { facets, info } = await server.search({ query: { text: 'x-ray' }, first: 5 });
      expect(facets.map(({ field }) => field)).toEqual([
        ...['modality', 'year', 'license', 'journal', 'label', 'hasAnyMask', 'figureType', 'predictedModality'],
      ]);
      for (const { values } of facets) {
        for (const { count, hits } of values) expect(hits).toBeLessThanOrEqual(count);
        // Values of the hits come first.
        const hits = values.map((value) => value.hits);
        expect(hits).toEqual([...hits].sort((one, other) => other - one));
      }
      const license = facets.find(({ field }) => field === 'license')?.values ?? [];
      expect(license.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(info.total);
    });

    it('counts the values of a field without its own part of the filter', async () => {
      const facetsOf = async (filter: object | null) => {
        const { facets } = await server.search({ query: { text: 'x-ray' }, filter, first: 5 });
        return new Map(facets.map(({ field, values }) => [field, values]));
      };
      const all = await facetsOf(null);
      const [license, other] = all.get('license') ?? [];
      expect(other).toBeDefined();
      const ticked = await facetsOf({ licenses: [license?.value] });
      const counts = (values: readonly { value: string; count: number }[] = []) =>
        values.map(({ value, count }) => ({ value, count })).sort((one, other) => (one.value < other.value ? -1 : 1));
      expect(counts(ticked.get('license'))).toEqual(counts(all.get('license')));
      const sum = counts(ticked.get('modality')).reduce((total, { count }) => total + count, 0);
      expect(sum).toBeLessThanOrEqual(license?.count ?? 0);
    });

    it.each([
      [{ yearFrom: 2020, yearTo: 2010 }, /yearFrom/],
      [{ labels: Array.from({ length: 1001 }, String) }, /1000 values in labels/],
      [{ or: Array.from({ length: 70 }, () => ({})) }, /64 parts/],
    ])('refuses %j with what was expected', async (filter, message) => {
      expect(await server.refusalOf({ query: { text: 'x' }, filter })).toMatch(message);
    });
  });

  describe('terms', () => {
    it('pushes away what has a negative weight', async () => {
      const blot = (nodes: readonly HitNode[]): number =>
        nodes.filter(({ figure }) => figure.labels.includes('western blot')).length;
      const terms = [{ text: 'western blot' }, { text: 'growth curve plot', weight: 0.9 }];
      const both = await server.search({ query: { terms, channels: ['IMAGE'] }, first: 20 });
      const without = await server.search({
        query: { terms: [{ text: 'growth curve plot' }, { text: 'western blot', weight: -1 }], channels: ['IMAGE'] },
        first: 20,
      });
      expect(blot(both.nodes)).toBeGreaterThan(0);
      expect(blot(without.nodes)).toBe(0);
    });

    it('searches by a region of a stored figure', async () => {
      const { nodes } = await server.search({ query: { text: 'chest radiograph' }, first: 1 });
      const figureId = nodes[0]?.figure.id;
      const whole = { x: 0, y: 0, width: 1, height: 1 };
      const answer = await server.search({
        query: { image: { figureId, region: whole }, channels: ['IMAGE'] },
        first: 1,
      });
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
      expect(await server.refusalOf({ query: input })).toMatch(message);
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
        const { errors } = await server.ask(searchDocument, { query: { text, channels: ['KEYWORD'] }, first: 1 });
        expect({ text, errors }).toEqual({ text, errors: undefined });
      }
    });

    it('finds phrases, leaves out what NOT names, and looks only where a field says', async () => {
      const found = async (text: string) =>
        (await server.search({ query: { text, channels: ['KEYWORD'] }, first: 1 })).info.total;
      expect(await found('western')).toBeGreaterThan(0);
      expect(await found('"blot western"')).toBe(0);
      expect(await found('western NOT blot')).toBe(0);
      expect(await found('journal:western')).toBe(0);
      expect(await found('west*')).toBeGreaterThanOrEqual(await found('western'));
    });
  });

  it('of conditions alone lists as many figures as it counts, in any channel', async () => {
    const { facets } = await server.search({ query: { text: 'x-ray' }, first: 1 });
    const journal = facets.find(({ field }) => field === 'journal')?.values[0]?.value ?? '';
    for (const query of [{ text: '-western' }, { text: `journal:"${journal}"`, channels: ['IMAGE'] }]) {
      const { nodes, info } = await server.search({ query, first: 10 });
      expect(info.total).toBeGreaterThan(0);
      expect(nodes).toHaveLength(Math.min(10, info.total));
    }
  });

  it('refuses a text that asks for too many words at once', async () => {
    const text = Array.from({ length: 20 }, (_, i) => `"cell number ${i}"`).join(' ');
    expect(await server.refusalOf({ query: { text } })).toMatch(/at most 16 phrases/);
  });

  it('says which words it looked for as well, and which one of the corpus a misspelled word may be', async () => {
    const ask = async (kind: 'searchFigures' | 'searchArticles', query: object) => {
      const { data, errors } = await server.ask(
        `query ($query: SearchInput!) { ${kind}(query: $query, first: 1) { info { suggestedText expansions { words synonyms } } } }`,
        { query },
      );
      expect(errors).toBeUndefined();
      return (data?.[kind] as { info: { suggestedText: string | null; expansions: readonly object[] } }).info;
    };
    const expansions = [{ words: 'x-ray', synonyms: ['radiograph', 'roentgenogram', 'plain film'] }];
    for (const kind of ['searchFigures', 'searchArticles'] as const) {
      expect(await ask(kind, { text: 'blod x-ray' })).toEqual({ suggestedText: 'blood x-ray', expansions });
      expect(await ask(kind, { text: 'blood "x-ray"' })).toEqual({ suggestedText: null, expansions: [] });
      expect(await ask(kind, { text: 'blood x-ray', expand: false })).toEqual({ suggestedText: null, expansions: [] });
    }
  });

  it('says which part of the caption fits, by words or by meaning', async () => {
    const snippets = `query ($query: SearchInput!) { searchFigures(query: $query, first: 8) { nodes { snippet figure { caption } } } }`;
    const ofQuery = async (input: object) => {
      const { data, errors } = await server.ask(snippets, { query: input });
      expect(errors).toBeUndefined();
      return (data?.['searchFigures'] as { nodes: { snippet: string | null; figure: { caption: string } }[] }).nodes;
    };
    const byWords = await ofQuery({ text: 'western blots', channels: ['KEYWORD'] });
    expect(byWords.every(({ snippet }) => /<mark>(?:western|blot)/i.test(snippet ?? ''))).toBe(true);
    const byImage = await ofQuery({ image: { base64: server.imageInBase64(0) } });
    for (const { snippet, figure } of byImage) {
      expect(snippet === null).toBe(figure.caption === '');
      expect(snippet ?? '').not.toContain('<mark>');
    }
    const { data } = await server.ask(snippets.replace('snippet figure', 'snippet(byMeaning: false) figure'), {
      query: { text: 'western blots' },
    });
    for (const { snippet, figure } of (data?.['searchFigures'] as { nodes: typeof byImage }).nodes) {
      expect(snippet !== null).toBe(/\b(?:western|blots?)\b/i.test(figure.caption));
    }
  });
});
