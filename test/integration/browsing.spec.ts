import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newPlace, run, startServer, writeCorpus, type Place, type Server } from '../support/figseek-process.js';
import { askServer } from '../support/mask-server.js';

interface ListedFigure {
  readonly id: string;
  readonly createdAt: string;
  readonly article: { readonly title: string; readonly year: number | null } | null;
}

interface Listed {
  readonly nodes: readonly ListedFigure[];
  readonly edges: readonly { readonly cursor: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly endCursor: string | null;
  };
  readonly total: number;
  readonly facets: readonly {
    readonly field: string;
    readonly values: readonly { readonly value: string; readonly count: number; readonly hits: number | null }[];
  }[];
}

const document = `query ($filter: FigureFilter, $sort: FigureSort, $first: Int, $after: String) {
  figures(filter: $filter, sort: $sort, first: $first, after: $after) {
    nodes { id createdAt article { title year } } edges { cursor }
    pageInfo { hasNextPage hasPreviousPage endCursor } total
    facets { field values { value count hits } }
  } }`;

const size = 60;

describe('browsing without a query', () => {
  let place: Place;
  let server: Server;
  let corpus: string;

  beforeAll(async () => {
    place = newPlace();
    corpus = await writeCorpus(size);
    const { code, stderr } = await run(place, ['ingest', corpus]);
    if (code !== 0) throw new Error(stderr);
    server = await startServer(place);
  });

  afterAll(async () => {
    await server.stop();
  });

  async function list(variables: object): Promise<Listed> {
    const { data, errors } = await askServer<{ figures: Listed }>(server, document, variables);
    if (data === undefined) throw new Error(errors?.[0]?.message);
    return data.figures;
  }

  async function allPages(
    variables: object,
    between: () => Promise<void> = () => Promise.resolve(),
  ): Promise<readonly ListedFigure[]> {
    const nodes: ListedFigure[] = [];
    for (let after: string | null = null; ;) {
      const page: Listed = await list({ ...variables, after });
      nodes.push(...page.nodes);
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      if (!page.pageInfo.hasNextPage) return nodes;
      after = page.pageInfo.endCursor;
      await between();
    }
  }

  /** Whether no value is less than the one before it. */
  const isSorted = (values: readonly (string | number)[]): boolean =>
    values.every((value, at) => at === 0 || value >= (values[at - 1] ?? value));

  it.each<[string, (figure: ListedFigure) => string | number]>([
    ['ADDED', ({ createdAt }) => Date.parse(createdAt)],
    ['NEWEST', ({ createdAt }) => -Date.parse(createdAt)],
    ['YEAR', ({ article }) => -(article?.year ?? 0)],
    ['ARTICLE', ({ article }) => article?.title.toLowerCase() ?? ''],
  ])('lists every figure once in the order %s', async (sort, key) => {
    const nodes = await allPages({ sort, first: 7 });
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(size);
    expect(nodes).toHaveLength(size);
    expect(isSorted(nodes.map(key))).toBe(true);
    const titles = nodes.map(({ article }) => article?.title ?? '');
    const changes = titles.filter((title, at) => title !== titles[at - 1]).length;
    if (sort !== 'NEWEST' && sort !== 'ADDED') expect(changes).toBe(new Set(titles).size);
  });

  it('is in the order of their coming unless it is asked otherwise', async () => {
    const { nodes } = await list({ first: size });
    expect((await list({ first: size, sort: 'ADDED' })).nodes).toEqual(nodes);
    expect((await list({ first: size, sort: 'NEWEST' })).nodes).toEqual([...nodes].reverse());
  });

  it('counts for each value what the filter finds, and lets another one be added', async () => {
    const { facets, total } = await list({ first: 1 });
    expect(total).toBe(size);
    expect(facets.map(({ field }) => field)).toEqual([
      ...['modality', 'year', 'license', 'journal', 'label', 'hasAnyMask', 'figureType', 'predictedModality'],
    ]);
    const parts: Readonly<Record<string, (values: readonly string[]) => object>> = {
      modality: (modalities) => ({ modalities }),
      year: (years) => ({ years: years.map(Number) }),
      license: (licenses) => ({ licenses }),
      journal: (journals) => ({ journals }),
      label: (labels) => ({ labels }),
      figureType: (figureTypes) => ({ figureTypes }),
      predictedModality: (predictedModalities) => ({ predictedModalities }),
    };
    for (const { field, values } of facets) {
      const part = parts[field];
      const [one, other] = values;
      if (part === undefined || one === undefined || other === undefined) continue;
      expect([one.hits, other.hits]).toEqual([null, null]);
      const ticked = await list({ filter: part([one.value]), first: 1 });
      expect(ticked.total).toBe(one.count);
      expect(ticked.facets.find((facet) => facet.field === field)?.values).toEqual(values);
      const both = await list({ filter: part([one.value, other.value]), first: 1 });
      expect(both.total).toBeGreaterThan(one.count);
      expect(both.total).toBeLessThanOrEqual(one.count + other.count);
      // A figure may have several labels, and panels of several kinds.
      if (!['label', 'figureType', 'predictedModality'].includes(field))
        expect(both.total).toBe(one.count + other.count);
    }
    expect(facets.find(({ field }) => field === 'hasAnyMask')?.values).toEqual([
      { value: 'false', count: size, hits: null },
    ]);
    expect((await list({ filter: { hasAnyMask: true } })).total).toBe(0);
  });

  it.each(['NEWEST', 'YEAR', 'ARTICLE', 'ADDED'])('in the order %s goes on while figures come and go', async (sort) => {
    const before = await allPages({ sort, first: size });
    const image = readFileSync(path.join(path.dirname(corpus), firstImage(corpus))).toString('base64');
    const added: string[] = [];
    const gone: string[] = [];
    let turn = 0;
    const nodes = await allPages({ sort, first: 9 }, async () => {
      turn++;
      const article = { title: `Added ${turn}`, year: 2000 + 5 * turn, doi: `10.1/added.${sort}.${turn}` };
      const input = { caption: 'added', base64: image, sourceKey: `${sort}-${turn}`, article };
      const made = await askServer<{ addFigure: { id: string } }>(
        server,
        'mutation ($input: AddFigureInput!) { addFigure(input: $input) { id } }',
        { input },
      );
      added.push(made.data?.addFigure.id ?? '');
      const victim = added.length > 1 ? added.shift() : undefined;
      if (victim !== undefined) {
        gone.push(victim);
        await askServer(server, 'mutation ($id: ID!) { deleteFigure(id: $id) }', { id: victim });
      }
    });
    const ids = nodes.map(({ id }) => id);
    expect([turn > 4, gone.length > 3]).toEqual([true, true]);
    expect(new Set(ids).size).toBe(ids.length);
    const stayed = before.map(({ id }) => id);
    expect(ids.filter((id) => stayed.includes(id))).toEqual(stayed);
    for (const id of added) await askServer(server, 'mutation ($id: ID!) { deleteFigure(id: $id) }', { id });
    expect((await list({ first: 1 })).total).toBe(size);
  });

  it('goes on from a cursor after the server was started anew, and refuses one of another order', async () => {
    const all = await list({ sort: 'YEAR', first: size });
    const after = all.edges[11]?.cursor ?? '';
    await server.stop();
    server = await startServer(place);
    const rest = await list({ sort: 'YEAR', first: size, after });
    expect(rest.nodes).toEqual(all.nodes.slice(12));
    for (const variables of [{ sort: 'ARTICLE', after }, { after }, { sort: 'YEAR', after: 'nonsense' }]) {
      const { errors } = await askServer(server, document, variables);
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });

  it('is the same on the command line, without a model', async () => {
    const { facets } = await list({ first: 1 });
    const valueOf = (name: string): string => facets.find(({ field }) => field === name)?.values[0]?.value ?? '';
    const [license, year] = [valueOf('license'), valueOf('year')];
    const filter = { licenses: [license], years: [Number(year)] };
    const expected = await list({ filter, sort: 'ARTICLE', first: 3 });
    const args = ['search', '--license', license, '--year', year, '--without-mask', '--sort', 'article'];
    const { stdout, code } = await run(place, [...args, '--first', '3', '--json'], { FIGSEEK_MODEL: 'none-such' });
    const page = JSON.parse(stdout) as { figures: { figureId: string }[]; total: number; endCursor: string };
    expect([code, page.figures.map(({ figureId }) => figureId), page.total]).toEqual([
      0,
      expected.nodes.map(({ id }) => id),
      expected.total,
    ]);
    const rest = await run(place, [...args, '--after', page.endCursor]);
    expect(rest.stdout.match(/fig_[0-9a-f]{24}/g)?.length ?? 0).toBe(Math.min(20, expected.total - 3));
    const { stdout: newest, stderr } = await run(place, ['search', '--first', '2']);
    expect(newest.match(/fig_[0-9a-f]{24}/g)).toEqual(
      (await list({ sort: 'NEWEST', first: 2 })).nodes.map(({ id }) => id),
    );
    expect(stderr).toContain(`2 of ${size} figures`);
    expect(stderr).toContain('--after ');
    expect((await run(place, ['search', '--with-mask'])).stdout).toBe('Nothing found.\n');
  });

  it.each([
    [['search', 'blot', '--sort', 'year'], '--sort without a query'],
    [['search', '--articles'], 'a text or an image with --articles'],
    [['search', '--exact', '--first', '3'], 'a text or an image with --exact'],
    [['search', '--not', 'blot'], 'Every term pushes away'],
    [['search', '--sort', 'title'], 'Allowed choices are added, newest, year, article'],
    [['search', '--with-mask', '--without-mask'], 'cannot be used with'],
    [['search', '--after', 'nonsense'], 'Expected `after` to be a cursor'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await run(place, args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

function firstImage(corpus: string): string {
  const [line = ''] = readFileSync(corpus, 'utf8').split('\n');
  return (JSON.parse(line) as { image: string }).image;
}
