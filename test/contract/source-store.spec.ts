import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FigureWrite } from '../../src/domain/figure-write.js';
import { figureIdOf, imageHashOf } from '../../src/domain/ids.js';
import { corpora, type OpenedCorpus } from '../support/corpora.js';
import { drawnFigure, space } from '../support/drawn-figures.js';

function figureOf(number: number, source: string): FigureWrite {
  const drawn = drawnFigure(number);
  return { ...drawn, figure: { ...drawn.figure, source } };
}

describe.each(corpora)('sources of records in %s', (_where, open) => {
  let opened: OpenedCorpus;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.close());

  it('are named after what is read, with a number where another input has the name', async () => {
    const { sources } = opened.stores;
    expect(await sources.resolve('/one/figures', null)).toMatchObject({ name: 'figures', isNamed: false });
    expect(await sources.resolve('/two/figures.jsonl', null)).toMatchObject({ name: 'figures-2' });
    expect(await sources.resolve('/one/figures', null)).toMatchObject({ name: 'figures' });
  });

  it('keep the name that a person gave them', async () => {
    const { sources } = opened.stores;
    expect(await sources.resolve('/one/figures', 'atlas')).toMatchObject({ name: 'atlas', isNamed: true });
    expect(await sources.resolve('/one/figures', null)).toMatchObject({ name: 'atlas', isNamed: false });
    expect(await sources.inputOf('atlas')).toBe('/one/figures');
    await sources.resolve('/moved/figures', 'atlas');
    expect(await sources.inputOf('atlas')).toBe('/moved/figures');
    expect(await sources.inputOf('none')).toBeNull();
  });

  it('are not kept by a look at them', async () => {
    const { sources } = opened.stores;
    expect(await sources.preview('/one/figures', null)).toMatchObject({ name: 'figures' });
    expect(await sources.inputOf('figures')).toBeNull();
  });

  it.each(['', ' a', 'a\nb', 'x'.repeat(101)])('are refused the name %j', async (name) => {
    const { sources } = opened.stores;
    await expect(sources.resolve('/one', name)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(sources.preview('/one', name)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('know what is stored under a key, and whether it is embedded', async () => {
    const { writer, sources, embeddings } = opened.stores;
    await writer.replace([figureOf(1, 'atlas')]);
    const read = async (version: string) =>
      (await sources.storedRecords(['figure-1', 'figure-9'], version)).get('figure-1');
    const byPeople = { correction: null, edits: null };
    const stored = { recordHash: '1', imageHash: imageHashOf(Buffer.from('1')), isEmbedded: true, ...byPeople };
    expect(await read(space.version)).toEqual([{ id: figureIdOf('figure-1'), source: 'atlas', stored }]);
    expect((await read('another model'))?.[0]?.stored).toEqual({ ...stored, isEmbedded: false });
    await embeddings.deleteSpace(space.version);
    expect((await read(space.version))?.[0]?.stored?.isEmbedded).toBe(false);
  });

  it('remember that a figure was deleted, until it is stored again', async () => {
    const { writer, sources } = opened.stores;
    await writer.replace([figureOf(1, 'atlas')]);
    await writer.delete([figureIdOf('figure-1')]);
    const read = async () => (await sources.storedRecords(['figure-1'], space.version)).get('figure-1');
    expect(await read()).toEqual([{ id: figureIdOf('figure-1'), source: 'atlas', stored: null }]);
    await writer.replace([figureOf(1, 'atlas')]);
    expect((await read())?.map(({ stored }) => stored !== null)).toEqual([true]);
  });

  it('know what a run has not read, and take a figure back that was removed for that', async () => {
    const { writer, sources, runs } = opened.stores;
    await writer.replace([figureOf(1, 'atlas'), figureOf(2, 'atlas'), figureOf(3, 'another')]);
    const run = await runs.begin('/atlas');
    const counts = { read: 2, added: 0, updated: 0, unchanged: 2, rejected: 0, removed: 0 };
    await runs.record(run, 'RUNNING', { counts, faults: [], keys: ['figure-1', 'figure-3'] });
    expect(await sources.unreadOf('atlas', run, 10)).toEqual([figureIdOf('figure-2')]);
    await writer.delete([figureIdOf('figure-2')], 'prune');
    expect(await sources.unreadOf('atlas', run, 10)).toEqual([]);
    expect((await sources.storedRecords(['figure-2'], space.version)).get('figure-2')).toBeUndefined();
  });

  it('do not count a figure as gone that another run added after the run began', async () => {
    const { writer, sources, runs } = opened.stores;
    await writer.replace([figureOf(1, 'atlas')]);
    const run = await runs.begin('/atlas');
    const added = figureOf(2, 'atlas');
    const createdAt = new Date(Date.now() + 60_000);
    await writer.replace([{ ...added, figure: { ...added.figure, createdAt } }]);
    expect(await sources.unreadOf('atlas', run, 10)).toEqual([figureIdOf('figure-1')]);
  });

  it('own the figures that they read, and are given those that have no source', async () => {
    const { writer, sources } = opened.stores;
    const { name } = await sources.resolve('/one/figures', null);
    await writer.replace([figureOf(1, name), figureOf(2, ''), figureOf(3, 'another')]);
    const keys = ['figure-1', 'figure-2', 'figure-3'];
    const own = [figureIdOf('figure-1'), figureIdOf('figure-2')];
    expect(await sources.idsOfSource('/one/figures', keys)).toEqual(own);
    expect(await sources.idsOfSource('/one/figures', ['figure-2'])).toEqual([own[1]]);
    await sources.assignSource([...own, figureIdOf('figure-3')], 'third');
    const records = await sources.storedRecords(keys, space.version);
    expect(keys.map((key) => records.get(key)?.[0]?.source)).toEqual([name, 'third', 'another']);
  });
});
