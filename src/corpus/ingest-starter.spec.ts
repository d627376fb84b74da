import { describe, expect, it } from '@jest/globals';
import { FigseekError } from '../domain/errors.js';
import type { IngestRun } from '../domain/ingest-run.js';
import { localOperator } from '../domain/viewer.js';
import { IngestStarter, type RunIngest } from './ingest-starter.js';

const order = { source: 'pmc:PMC1', format: 'auto', sourceName: null };

function runOf(id: string): IngestRun {
  return {
    ...{ id, source: order.source, state: 'DONE', failure: null, total: null, startedAt: new Date() },
    ...{ read: 1, added: 1, updated: 0, unchanged: 0, rejected: 0, leftOut: 0, removed: 0, endedAt: new Date() },
  };
}

/** @param remove what becomes of files that are to be deleted */
function starterOf(ingest: RunIngest, remove: () => Promise<void> = () => Promise.resolve()): IngestStarter {
  return new IngestStarter(
    { roots: [], isArticle: (text) => text.startsWith('pmc:'), parseFormat: (format) => format },
    {
      sourceOf: (uploadId) => Promise.resolve(`/uploads/${uploadId}`),
      idOf: () => Promise.resolve(null),
      hold: () => undefined,
      release: () => Promise.resolve(),
      remove,
    },
    { run: (_viewer, id) => Promise.resolve(runOf(id)) },
    ingest,
  );
}

describe('ingests that are begun by request', () => {
  it('end well where the files of one cannot be deleted', async () => {
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const ingest: RunIngest = (_order, onBegin) => {
      onBegin('run_1');
      return finished;
    };
    const starter = starterOf(ingest, () => Promise.reject(new Error('EBUSY')));
    expect(await starter.fromUpload(localOperator, 'ing_1', { format: 'auto', sourceName: null })).toMatchObject({
      id: 'run_1',
    });
    const closed = starter.close();
    finish();
    await expect(closed).resolves.toBeUndefined();
  });

  it('give their error where they end before they began, and their place to others', async () => {
    const starter = starterOf(() => Promise.reject(new FigseekError('BAD_USER_INPUT', 'Expected a source')));
    for (let turn = 0; turn < 3; turn++) {
      await expect(starter.fromPath(localOperator, order)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    }
    const silent = starterOf(() => Promise.resolve());
    await expect(silent.fromPath(localOperator, order)).rejects.toThrow('before its run was noted');
  });

  it('are two at once at most', async () => {
    const ends: (() => void)[] = [];
    const starter = starterOf((_order, onBegin) => {
      onBegin(`run_${ends.length}`);
      return new Promise((resolve) => ends.push(resolve));
    });
    await starter.fromPath(localOperator, order);
    await starter.fromPath(localOperator, order);
    await expect(starter.fromPath(localOperator, order)).rejects.toMatchObject({ code: 'CONFLICT' });
    for (const end of ends) end();
    await starter.close();
  });

  it('begin no process for a source that can have no such name', async () => {
    let begun = 0;
    const starter = starterOf((_order, onBegin) => {
      begun++;
      onBegin('run_1');
      return Promise.resolve();
    });
    await expect(
      starter.fromUpload(localOperator, 'ing_1', { ...order, sourceName: ' a\u0007' }),
    ).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    expect(begun).toBe(0);
  });
});
