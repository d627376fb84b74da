import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HnswVectorIndex } from '../../src/adapters/hnsw/hnsw-vector-index.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteStores } from '../../src/adapters/sqlite/sqlite-stores.js';
import { CorpusAtlas, type AtlasRequest } from '../../src/atlas/corpus-atlas.js';
import type { AtlasColumns } from '../../src/atlas/atlas-points.js';
import { figureIdOf } from '../../src/domain/ids.js';
import { localOperator as viewer } from '../../src/domain/viewer.js';
import { space } from '../support/drawn-figures.js';
import { figureInGroup } from '../support/grouped-figures.js';
import { MemoryAtlasStore } from '../support/memory-atlas-store.js';
import { MemoryMapLayout } from '../support/memory-map-layout.js';

const everything: AtlasRequest = { collectionId: null, filter: null, figureIds: null };
const groups = 3;
const ofGroup = 20;
const captions = ['stained kidney with glomeruli', 'chest radiograph', 'blood smear with platelets'];

describe('the map of a corpus in SQLite', () => {
  let database: Database;
  let stores: SqliteStores;
  let atlases: MemoryAtlasStore;
  let atlas: CorpusAtlas;

  beforeEach(async () => {
    database = await Database.open(mkdtempSync(path.join(tmpdir(), 'atlas-')));
    stores = new SqliteStores(database);
    atlases = new MemoryAtlasStore();
    await stores.writer.replace(
      Array.from({ length: groups * ofGroup }, (_, number) =>
        figureInGroup(number % groups, number, `${captions[number % groups] ?? ''}, number ${number}`),
      ),
    );
    atlas = open();
  });
  afterEach(async () => {
    await atlas.close();
    await database.close();
  });

  function open(): CorpusAtlas {
    const { filters, attributes, panels, vectors, collections } = stores;
    const sources = { embeddings: vectors, panels, filters };
    const home = mkdtempSync(path.join(tmpdir(), 'atlas-index-'));
    const onProblem = (problem: string): void => {
      throw new Error(problem);
    };
    const index = new HnswVectorIndex(space, sources, { home, engine: 'exact', onProblem });
    const layout = new MemoryMapLayout();
    const services = { filters, attributes, panels, vectors, collections, atlases, layout };
    return new CorpusAtlas(() => ({ version: space.version, index }), services);
  }

  function make() {
    return atlas.make(viewer, { signal: new AbortController().signal, onProgress: () => undefined });
  }

  /** The cluster in which the figure of each number lies. */
  function clusterOf({ figureIds, cluster }: AtlasColumns, number: number): number {
    return cluster[figureIds.indexOf(figureIdOf(`figure-${number}`))] ?? -1;
  }

  function placeOf({ figureIds, x, y }: AtlasColumns, number: number) {
    const row = figureIds.indexOf(figureIdOf(`figure-${number}`));
    return { x: x[row] ?? Number.NaN, y: y[row] ?? Number.NaN };
  }

  it('puts like figures into one cluster and names it by their words', async () => {
    await make();
    const columns = await atlas.points(viewer, everything);
    expect(columns.total).toBe(groups * ofGroup);
    expect(columns.clusters).toHaveLength(groups);
    for (let number = groups; number < groups * ofGroup; number++) {
      expect(clusterOf(columns, number)).toBe(clusterOf(columns, number % groups));
    }
    const words = columns.clusters[clusterOf(columns, 0)]?.words ?? [];
    expect(words).toEqual(expect.arrayContaining(['kidney', 'glomeruli']));
    expect(words).not.toContain('number');
  });

  it('places a new figure among its like without being made again, and forgets a deleted one', async () => {
    const { id: generation } = await make();
    const before = await atlas.points(viewer, everything);
    const tag = await atlas.tag(viewer, everything);
    await stores.writer.replace([figureInGroup(1, 500)]);
    await stores.writer.delete([figureIdOf('figure-4')]);
    const after = await atlas.points(viewer, everything);
    expect((await atlas.status(viewer)).generation).toBe(generation);
    expect(after.total).toBe(before.total);
    expect(after.figureIds).not.toContain(figureIdOf('figure-4'));
    expect(clusterOf(after, 500)).toBe(clusterOf(before, 1));
    expect(
      Math.hypot(placeOf(after, 500).x - placeOf(before, 1).x, placeOf(after, 500).y - placeOf(before, 1).y),
    ).toBeLessThan(0.15);
    expect(placeOf(after, 7)).toEqual(placeOf(before, 7));
    expect(await atlas.tag(viewer, everything)).not.toBe(tag);
  });

  it('keeps the places of new figures, so that the next start has them', async () => {
    await make();
    await stores.writer.replace(Array.from({ length: 450 }, (_, i) => figureInGroup(i % groups, 1000 + i)));
    await atlas.placeNew(new AbortController().signal);
    const kept = await atlases.read(space.version, null);
    expect(kept?.panels).toHaveLength(groups * ofGroup + 450);
    expect(kept?.laidOut).toBe(groups * ofGroup);
    const again = await open().points(viewer, everything);
    expect(again.total).toBe(groups * ofGroup + 450);
    expect(placeOf(again, 1003)).toEqual(placeOf(await atlas.points(viewer, everything), 1003));
  });

  it('shows a collection, a filter, a list of figures, and several of these together', async () => {
    await make();
    const { id } = await stores.collections.create('some', null);
    const members = [0, 1, 5].map((number) => figureIdOf(`figure-${number}`));
    await stores.collections.add(id, members, null);
    const ids = async (request: Partial<AtlasRequest>) =>
      new Set((await atlas.points(viewer, { ...everything, ...request })).figureIds);
    expect(await ids({ collectionId: id })).toEqual(new Set(members));
    expect(await ids({ figureIds: [figureIdOf('figure-1'), 'fig_absent'] })).toEqual(new Set([members[1]]));
    expect(await ids({ filter: { modalities: ['none has it'] } })).toEqual(new Set());
    expect(await ids({ collectionId: id, filter: { not: { collectionId: id } } })).toEqual(new Set());
    await expect(ids({ collectionId: 'col_absent' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(ids({ figureIds: Array<string>(1001).fill('fig_a') })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  it('is absent before it is made, can be cancelled, and says why it cannot be made', async () => {
    expect(await atlas.status(viewer)).toMatchObject({ state: 'ABSENT', generation: null, progress: null });
    expect((await atlas.points(viewer, everything)).total).toBe(0);
    atlas.start(viewer);
    expect(await atlas.status(viewer)).toMatchObject({ state: 'RUNNING' });
    await atlas.cancel(viewer);
    expect(await atlas.status(viewer)).toMatchObject({ state: 'ABSENT', failure: null });
    expect(await atlases.read(space.version, null)).toBeNull();
    await stores.writer.delete(Array.from({ length: groups * ofGroup }, (_, i) => figureIdOf(`figure-${i}`)));
    atlas.start(viewer);
    while ((await atlas.status(viewer)).state === 'RUNNING') await setTimeout(10);
    const { state, failure } = await atlas.status(viewer);
    expect({ state, failure }).toEqual({
      state: 'FAILED',
      failure: 'Expected at least 2 figures with an image vector to make a map but the corpus has 0',
    });
  });
});
