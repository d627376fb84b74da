import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newPlace, run, startServer, writeCorpus, type Place, type Server } from '../support/figseek-process.js';
import { askServer, type Answer } from '../support/mask-server.js';

interface Listed {
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  readonly total: number;
}

const listed = 'nodes { id } pageInfo { hasNextPage endCursor } total';

describe('collections, lists and nodes', () => {
  let place: Place;
  let server: Server;
  let ids: readonly string[];

  beforeAll(async () => {
    place = newPlace();
    const { code, stderr } = await run(place, ['ingest', await writeCorpus(24)]);
    if (code !== 0) throw new Error(stderr);
    server = await startServer(place);
    const { data } = await ask<{ figures: Listed }>(`{ figures(first: 100) { ${listed} } }`);
    ids = data?.figures.nodes.map(({ id }) => id) ?? [];
  });

  afterAll(async () => {
    await server.stop();
  });

  function ask<Data = Record<string, unknown>>(query: string, variables: object = {}): Promise<Answer<Data>> {
    return askServer<Data>(server, query, variables);
  }

  async function newCollection(figureIds: readonly string[]): Promise<string> {
    const made = await ask<{ createCollection: { id: string } }>(
      'mutation { createCollection(name: " Smears ", description: "") { id } }',
    );
    const id = made.data?.createCollection.id ?? '';
    await ask('mutation ($id: ID!, $figureIds: [ID!]!) { addToCollection(id: $id, figureIds: $figureIds) { size } }', {
      id,
      figureIds,
    });
    return id;
  }

  async function codeOf(query: string, variables: object = {}): Promise<string | undefined> {
    return (await ask(query, variables)).errors?.[0]?.extensions.code;
  }

  it('lists every figure once, page by page, and by a filter', async () => {
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const { data }: Answer<{ figures: Listed }> = await ask(
        `query ($after: String) { figures(first: 7, after: $after) { ${listed} } }`,
        { after },
      );
      seen.push(...(data?.figures.nodes.map(({ id }) => id) ?? []));
      expect(data?.figures.total).toBe(24);
      if (data?.figures.pageInfo.hasNextPage !== true) break;
      after = data.figures.pageInfo.endCursor;
    }
    expect(seen).toHaveLength(24);
    expect(new Set(seen).size).toBe(24);
    const { data } = await ask<{ stats: { byModality: { value: string; count: number }[] } }>(
      '{ stats { byModality { value count } } }',
    );
    const [modality] = data?.stats.byModality ?? [];
    const filtered = await ask<{ figures: Listed }>(
      `query ($filter: FigureFilter) { figures(filter: $filter) { ${listed} } }`,
      { filter: { modalities: [modality?.value] } },
    );
    expect(filtered.data?.figures.total).toBe(modality?.count);
    expect(filtered.data?.figures.nodes).toHaveLength(modality?.count ?? 0);
  });

  it('keeps members in the order of their coming, once each, with their notes', async () => {
    const id = await newCollection(ids.slice(0, 3));
    const added = await ask(
      `mutation ($id: ID!, $figureIds: [ID!]!) { addToCollection(id: $id, figureIds: $figureIds, note: "check") { size } }`,
      { id, figureIds: [ids[2], ids[5]] },
    );
    expect(added).toEqual({ data: { addToCollection: { size: 4 } } });
    const read = `query ($id: ID!, $after: String) { collection(id: $id) { name description size
      items(first: 3, after: $after) { nodes { note figure { id collections { id } } } pageInfo { endCursor } } } }`;
    const { data } = await ask<{
      collection: { name: string; description: null; items: { nodes: object[]; pageInfo: { endCursor: string } } };
    }>(read, { id });
    expect(data?.collection).toMatchObject({ name: 'Smears', description: null });
    expect(data?.collection.items.nodes).toEqual([
      { note: null, figure: { id: ids[0], collections: [{ id }] } },
      { note: null, figure: { id: ids[1], collections: [{ id }] } },
      { note: 'check', figure: { id: ids[2], collections: [{ id }] } },
    ]);
    const next = await ask(read, { id, after: data?.collection.items.pageInfo.endCursor });
    expect(next.data).toMatchObject({
      collection: { items: { nodes: [{ note: 'check', figure: { id: ids[5] } }] } },
    });
  });

  it('finds only the members of a collection, also right after one left it', async () => {
    const id = await newCollection(ids.slice(4, 9));
    const search = `query ($filter: FigureFilter) {
      searchFigures(query: {text: "figure", channels: [IMAGE], collapseDuplicates: false}, filter: $filter) {
        nodes { figure { id } } info { total } } }`;
    const found = async (filter: object): Promise<string[]> => {
      const { data } = await ask<{ searchFigures: { nodes: { figure: { id: string } }[] } }>(search, { filter });
      return data?.searchFigures.nodes.map(({ figure }) => figure.id).sort() ?? [];
    };
    expect(await found({ collectionId: id })).toEqual(ids.slice(4, 9).sort());
    await ask(
      'mutation ($id: ID!, $figureIds: [ID!]!) { removeFromCollection(id: $id, figureIds: $figureIds) { size } }',
      {
        id,
        figureIds: [ids[4], ids[20]],
      },
    );
    expect(await found({ collectionId: id })).toEqual(ids.slice(5, 9).sort());
    expect(await found({ not: { collectionId: id } })).toHaveLength(20);
    expect(await found({ collectionId: 'col_of_nobody' })).toEqual([]);
  });

  it('adds all figures or none, and says what is wrong', async () => {
    const id = await newCollection([]);
    const add = 'mutation ($id: ID!, $figureIds: [ID!]!) { addToCollection(id: $id, figureIds: $figureIds) { size } }';
    expect(await codeOf(add, { id, figureIds: [ids[0], 'fig_of_nobody'] })).toBe('NOT_FOUND');
    expect(await codeOf(add, { id: 'col_of_nobody', figureIds: [ids[0]] })).toBe('NOT_FOUND');
    const after = await ask('query ($id: ID!) { collection(id: $id) { size } }', { id });
    expect(after.data).toEqual({ collection: { size: 0 } });
    expect(await codeOf('mutation { createCollection(name: "  ") { id } }')).toBe('BAD_USER_INPUT');
    expect(await codeOf('{ collections(after: "nonsense") { nodes { id } } }')).toBe('BAD_USER_INPUT');
    expect(await codeOf('{ figures(first: 0) { total } }')).toBe('BAD_USER_INPUT');
    expect(await codeOf('mutation { deleteCollection(id: "col_of_nobody") }')).toBe('NOT_FOUND');
  });

  it('changes and deletes a collection; its figures stay', async () => {
    const id = await newCollection(ids.slice(0, 2));
    const changed = await ask(
      'mutation ($id: ID!) { updateCollection(id: $id, description: "of May") { name description } }',
      { id },
    );
    expect(changed.data).toEqual({ updateCollection: { name: 'Smears', description: 'of May' } });
    await ask('mutation ($id: ID!) { deleteCollection(id: $id) }', { id });
    const gone = await ask('query ($id: ID!, $figure: ID!) { collection(id: $id) { id } figure(id: $figure) { id } }', {
      id,
      figure: ids[0],
    });
    expect(gone.data).toEqual({ collection: null, figure: { id: ids[0] } });
  });

  it('gives anything by its id', async () => {
    const collection = await newCollection([]);
    const { data } = await ask<{ figure: { article: { id: string }; panels: { id: string }[] } }>(
      'query ($id: ID!) { figure(id: $id) { article { id } panels { id } } }',
      { id: ids[0] },
    );
    const asked = [
      ids[0],
      data?.figure.panels[0]?.id,
      data?.figure.article.id,
      collection,
      'fig_of_nobody',
      'nonsense',
    ];
    const nodes = await ask('query ($asked: [ID!]!) { nodes(ids: $asked) { __typename id } node(id: "") { id } }', {
      asked,
    });
    expect(nodes.data).toEqual({
      nodes: [
        { __typename: 'Figure', id: asked[0] },
        { __typename: 'Panel', id: asked[1] },
        { __typename: 'Article', id: asked[2] },
        { __typename: 'Collection', id: asked[3] },
        null,
        null,
      ],
      node: null,
    });
  });

  it('draws where the words of a query find support, and nothing for an image query', async () => {
    const search = `query ($query: SearchInput!) { searchFigures(query: $query, first: 1) { nodes { heatmapUrl } } }`;
    const hit = await ask<{ searchFigures: { nodes: { heatmapUrl: string }[] } }>(search, {
      query: { text: 'blood smear' },
    });
    const url = hit.data?.searchFigures.nodes[0]?.heatmapUrl ?? '';
    expect(url).toMatch(/^\/heatmaps\/[\w-]+\.png$/);
    const answers = await Promise.all([1, 2].map(() => fetch(`${server.url}${url}`)));
    const [first, second] = await Promise.all(answers.map(async (answer) => Buffer.from(await answer.arrayBuffer())));
    expect(answers[0]?.headers.get('content-type')).toBe('image/png');
    expect(first?.subarray(1, 4).toString()).toBe('PNG');
    expect(first?.equals(second ?? Buffer.alloc(0))).toBe(true);
    const byImage = await ask(search, { query: { image: { figureId: ids[0] } } });
    expect(byImage.data).toEqual({ searchFigures: { nodes: [{ heatmapUrl: null }] } });
    for (const wrong of ['nonsense', Buffer.from('["pan_x",[["a",1]]]').toString('base64url')]) {
      expect((await fetch(`${server.url}/heatmaps/${wrong}.png`)).status).toBe(404);
    }
  });
});
