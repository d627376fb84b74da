import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServer, type Server } from '../support/figseek-process.js';
import { askServer, corpusOf, masksMade, starterOnly, withSegmenter, type Corpus } from '../support/mask-server.js';

interface MaskData {
  readonly status: string;
  readonly found: boolean | null;
  readonly pValue: number;
  readonly areaPixels: number;
  readonly areaFraction: number;
}

const search = `query ($filter: FigureFilter) {
  searchFigures(query: {text: "figure", collapseDuplicates: false, channels: [IMAGE]}, filter: $filter, first: 50) {
    nodes { figure { id } } info { total } } }`;

describe('the filter hasMask', () => {
  let corpus: Corpus;
  let server: Server;
  let env: Record<string, string>;
  let ids: readonly string[];
  const masks = new Map<string, MaskData>();

  beforeAll(async () => {
    corpus = await corpusOf(10);
    env = await withSegmenter(corpus.place);
    server = await startServer(corpus.place, env);
    const { data } = await askServer<{ figures: { nodes: { id: string }[] } }>(server, '{ figures { nodes { id } } }');
    ids = data?.figures.nodes.map(({ id }) => id) ?? [];
    for (const id of ids.slice(0, 8)) await draw(id);
  });

  afterAll(async () => {
    await server.stop();
  });

  async function draw(id: string): Promise<void> {
    const { data } = await askServer<{ figure: { mask: MaskData } }>(
      server,
      `query ($id: ID!) { figure(id: $id) { mask(prompt: "left lung", waitMs: 120000) {
        status found pValue areaPixels areaFraction } } }`,
      { id },
    );
    if (data?.figure.mask.status !== 'READY') throw new Error(JSON.stringify(data));
    masks.set(id, data.figure.mask);
  }

  async function found(filter: object): Promise<readonly string[]> {
    const { data, errors } = await askServer<{ searchFigures: { nodes: { figure: { id: string } }[] } }>(
      server,
      search,
      { filter },
    );
    expect(errors).toBeUndefined();
    return data?.searchFigures.nodes.map(({ figure }) => figure.id).sort() ?? [];
  }

  function having(fits: (mask: MaskData) => boolean): readonly string[] {
    return [...masks].flatMap(([id, mask]) => (mask.areaPixels > 0 && fits(mask) ? [id] : [])).sort();
  }

  /** A value that some masks reach and others do not. */
  function middle(value: (mask: MaskData) => number): number {
    const values = [...masks.values()].map(value).sort((a, b) => a - b);
    expect(new Set(values).size).toBeGreaterThan(1);
    return values[Math.floor(values.length / 2)] ?? 0;
  }

  it('finds the figures with a found mask of the prompt, of at least an area or a p-value', async () => {
    expect(await found({ hasMask: { prompt: 'Left  LUNG' } })).toEqual(having((mask) => mask.found !== false));
    const area = middle(({ areaFraction }) => areaFraction);
    const large = having(({ areaFraction }) => areaFraction >= area);
    expect(large.length).toBeGreaterThan(0);
    expect(await found({ hasMask: { prompt: 'left lung', minAreaFraction: area, minPValue: 0 } })).toEqual(large);
    const pValue = middle((mask) => mask.pValue);
    const plausible = having((mask) => mask.pValue >= pValue);
    expect(plausible.length).toBeGreaterThan(0);
    expect(await found({ hasMask: { prompt: 'left lung', minPValue: pValue } })).toEqual(plausible);
    expect(await found({ hasMask: { prompt: 'liver' } })).toEqual([]);
    expect(await found({ not: { hasMask: { prompt: 'left lung', minPValue: 0 } } })).toHaveLength(
      10 - having(() => true).length,
    );
  });

  it('holds together with other filters, and in the list of figures', async () => {
    const { data } = await askServer<{ figures: { nodes: { id: string; modality: string | null }[] } }>(
      server,
      '{ figures { nodes { id modality } } }',
    );
    const masked = having(() => true);
    const modalities = data?.figures.nodes
      .flatMap(({ id, modality }) => (masked.includes(id) ? (modality ?? []) : []))
      .slice(0, 1);
    const filter = { hasMask: { prompt: 'left lung', minPValue: 0 } };
    const ofModality = await found({ modalities });
    const both = having(() => true).filter((id) => ofModality.includes(id));
    expect(both.length).toBeGreaterThan(0);
    expect(await found({ ...filter, modalities })).toEqual(both);
    const listed = await askServer(server, 'query ($filter: FigureFilter) { figures(filter: $filter) { total } }', {
      filter,
    });
    expect(listed.data).toEqual({ figures: { total: having(() => true).length } });
  });

  async function anyMask(): Promise<Readonly<Record<string, number>>> {
    const { data } = await askServer<{
      figures: { facets: { field: string; values: { value: string; count: number }[] }[] };
    }>(server, '{ figures { facets { field values { value count } } } }');
    const values = data?.figures.facets.find(({ field }) => field === 'hasAnyMask')?.values ?? [];
    return Object.fromEntries(values.map(({ value, count }) => [value, count]));
  }

  it('finds figures with a mask of any prompt, or none, and counts both', async () => {
    const shown = having((mask) => mask.found !== false);
    expect(await found({ hasAnyMask: true })).toEqual(shown);
    expect(await found({ hasAnyMask: false })).toEqual([...ids].sort().filter((id) => !shown.includes(id)));
    const counts = { true: shown.length, false: ids.length - shown.length };
    expect({ true: 0, false: 0, ...(await anyMask()) }).toEqual(counts);
    const { data } = await askServer<{ searchFigures: { facets: { field: string; values: unknown[] }[] } }>(
      server,
      `query ($filter: FigureFilter) { searchFigures(query: {text: "figure"}, filter: $filter) {
        facets { field values { value count } } } }`,
      { filter: { hasAnyMask: true } },
    );
    const values = data?.searchFigures.facets.find(({ field }) => field === 'hasAnyMask')?.values ?? [];
    expect(values).toHaveLength(Object.values(counts).filter((count) => count > 0).length);
  });

  it('finds a figure right after its mask was drawn', async () => {
    const filter = { hasMask: { prompt: 'left lung', minPValue: 0 } };
    expect(await found(filter)).toEqual(having(() => true));
    expect(Object.keys(await anyMask())).not.toHaveLength(0);
    for (const id of ids.slice(8)) await draw(id);
    expect(masks.size).toBe(10);
    expect(await found(filter)).toEqual(having(() => true));
    const shown = having((mask) => mask.found !== false);
    expect(await found({ hasAnyMask: true })).toEqual(shown);
    expect({ true: 0, ...(await anyMask()) }).toMatchObject({ true: shown.length });
  });

  it.each([{ prompt: '' }, { prompt: 'liver', minPValue: 2 }, { prompt: 'liver', minAreaFraction: -1 }])(
    'refuses %j',
    async (hasMask) => {
      const { errors } = await askServer(server, search, { filter: { hasMask } });
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    },
  );

  it('keeps masks over a restart, without the model', async () => {
    const made = await masksMade(corpus.place);
    const read = `query ($id: ID!) { figure(id: $id) { masks { status prompt areaPixels rle pngUrl } } }`;
    const before = await askServer(server, read, { id: ids[0] });
    await server.stop();
    server = await startServer(corpus.place, starterOnly());
    expect(await askServer(server, read, { id: ids[0] })).toEqual(before);
    expect(before.data).toMatchObject({ figure: { masks: [{ areaPixels: masks.get(ids[0] ?? '')?.areaPixels }] } });
    expect(await found({ hasMask: { prompt: 'left lung', minPValue: 0 } })).toEqual(having(() => true));
    await server.stop();
    server = await startServer(corpus.place, env);
    await draw(ids[0] ?? '');
    expect(await masksMade(corpus.place)).toBe(made);
  });
});
