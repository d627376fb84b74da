import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newPlace, run, startServer, writeCorpus, type Place, type Server } from '../support/figseek-process.js';
import { askServer } from '../support/mask-server.js';

describe('curation of collections', () => {
  let place: Place;
  let server: Server;
  let ids: readonly string[];

  beforeAll(async () => {
    place = newPlace();
    const { code, stderr } = await run(place, ['ingest', await writeCorpus(24)]);
    if (code !== 0) throw new Error(stderr);
    server = await startServer(place);
    const { data } = await ask('{ figures(first: 100) { nodes { id } } }');
    ids = (data as { figures: { nodes: { id: string }[] } }).figures.nodes.map(({ id }) => id);
  });

  afterAll(async () => {
    await server.stop();
  });

  function ask(query: string, variables: object = {}) {
    return askServer(server, query, variables);
  }

  async function newCollection(figureIds: readonly string[]): Promise<string> {
    const made = await ask('mutation { createCollection(name: "Smears") { id } }');
    const { id } = (made.data as { createCollection: { id: string } }).createCollection;
    await ask('mutation ($id: ID!, $figureIds: [ID!]!) { addToCollection(id: $id, figureIds: $figureIds) { size } }', {
      id,
      figureIds,
    });
    return id;
  }

  const read = `query ($id: ID!) { collection(id: $id) {
    items { nodes { note tags rating figure { id } } }
    ratings { nodes { rating isMember figure { id } } pageInfo { hasNextPage } }
    rejected: ratings(rating: IRRELEVANT) { nodes { figure { id } } } } }`;

  it('keeps ratings of members and others, notes and tags', async () => {
    const id = await newCollection(ids.slice(0, 2));
    const rate = `mutation ($id: ID!, $figure: ID!, $rating: Rating!) {
      rateFigure(collectionId: $id, figureId: $figure, rating: $rating) { id size } }`;
    expect((await ask(rate, { id, figure: ids[0], rating: 'RELEVANT' })).data).toEqual({ rateFigure: { id, size: 2 } });
    expect((await ask(rate, { id, figure: ids[5], rating: 'IRRELEVANT' })).data).toEqual({
      rateFigure: { id, size: 2 },
    });
    const annotated = await ask(
      `mutation ($id: ID!, $figure: ID!) { updateCollectionItem(collectionId: $id, figureId: $figure, note: "clear",
        tags: ["train"]) { note tags rating figure { id } } }`,
      { id, figure: ids[1] },
    );
    expect(annotated.data).toEqual({
      updateCollectionItem: { note: 'clear', tags: ['train'], rating: 'NONE', figure: { id: ids[1] } },
    });
    expect((await ask(read, { id })).data).toEqual({
      collection: {
        items: {
          nodes: [
            { note: null, tags: [], rating: 'RELEVANT', figure: { id: ids[0] } },
            { note: 'clear', tags: ['train'], rating: 'NONE', figure: { id: ids[1] } },
          ],
        },
        ratings: {
          nodes: [
            { rating: 'RELEVANT', isMember: true, figure: { id: ids[0] } },
            { rating: 'IRRELEVANT', isMember: false, figure: { id: ids[5] } },
          ],
          pageInfo: { hasNextPage: false },
        },
        rejected: { nodes: [{ figure: { id: ids[5] } }] },
      },
    });
    await ask(rate, { id, figure: ids[5], rating: 'NONE' });
    expect((await ask(read, { id })).data).toMatchObject({ collection: { rejected: { nodes: [] } } });
    expect((await ask(rate, { id, figure: 'fig_none', rating: 'NONE' })).errors?.[0]?.extensions.code).toBe(
      'NOT_FOUND',
    );
  });

  it('suggests figures that are no members and were not rated', async () => {
    const id = await newCollection(ids.slice(0, 3));
    const suggest = `query ($id: ID!, $first: Int) { collection(id: $id) { suggestions(first: $first) {
      rank score evidence { channel rank } figure { id caption } panel { id } snippet heatmapUrl isMatch } } }`;
    type Suggested = { collection: { suggestions: { rank: number; score: number; figure: { id: string } }[] } };
    const suggested = async () => {
      const { data, errors } = await ask(suggest, { id, first: 5 });
      if (data === undefined) throw new Error(JSON.stringify(errors));
      return (data as Suggested).collection.suggestions;
    };
    const found = await suggested();
    expect(found.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5]);
    expect(found[0]).toMatchObject({ evidence: [{ channel: 'IMAGE', rank: 1 }], snippet: null, heatmapUrl: null });
    const idsOf = (list: typeof found) => list.map(({ figure }) => figure.id);
    expect(idsOf(found).filter((one) => ids.slice(0, 3).includes(one))).toEqual([]);
    expect(await suggested()).toEqual(found);
    await ask(
      'mutation ($id: ID!, $figure: ID!) { rateFigure(collectionId: $id, figureId: $figure, rating: IRRELEVANT) { id } }',
      { id, figure: found[0]?.figure.id },
    );
    expect(idsOf(await suggested())).not.toContain(found[0]?.figure.id);
    const empty = await newCollection([]);
    expect((await ask(suggest, { id: empty })).data).toEqual({ collection: { suggestions: [] } });
    expect((await ask(suggest, { id, first: 0 })).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('undoes a removal and a deletion', async () => {
    const id = await newCollection(ids.slice(0, 3));
    await ask(
      `mutation ($id: ID!, $figure: ID!) {
        updateCollectionItem(collectionId: $id, figureId: $figure, note: "kept", tags: ["a"]) { note }
        removeFromCollection(id: $id, figureIds: [$figure]) { size } }`,
      { id, figure: ids[0] },
    );
    await ask('mutation ($id: ID!) { deleteCollection(id: $id) }', { id });
    expect((await ask(read, { id })).data).toEqual({ collection: null });
    const filter = { filter: { collectionId: id } };
    const total = 'query ($filter: FigureFilter) { figures(filter: $filter) { total } }';
    expect((await ask(total, filter)).data).toEqual({ figures: { total: 0 } });
    const restored = await ask('mutation ($id: ID!) { restoreCollection(id: $id) { name size } }', { id });
    expect(restored.data).toEqual({ restoreCollection: { name: 'Smears', size: 2 } });
    expect((await ask(total, filter)).data).toEqual({ figures: { total: 2 } });
    await ask('mutation ($id: ID!, $ids: [ID!]!) { addToCollection(id: $id, figureIds: $ids) { size } }', {
      id,
      ids: [ids[0]],
    });
    expect((await ask(read, { id })).data).toMatchObject({
      collection: {
        items: {
          nodes: [
            { note: 'kept', tags: ['a'], figure: { id: ids[0] } },
            { figure: { id: ids[1] } },
            { figure: { id: ids[2] } },
          ],
        },
      },
    });
    const none = await ask('mutation { restoreCollection(id: "col_none") { size } }');
    expect(none.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });
});
