import { describe, expect, it } from '@jest/globals';
import { checkEmbeddings, checkVectors } from './corpus-checks.js';
import { checkFolders, describeAddon, describeRoom } from './machine-checks.js';

const status = { generation: 'g1', indexed: 9, delta: 1, recall: 0.98 } as Awaited<
  ReturnType<Parameters<typeof checkVectors>[0]['status']>
>;
const same = { kind: 'IMAGE', compared: 8, differing: 0, missing: 0, deleted: 0 } as const;

describe('the doctor', () => {
  it('says of a full disk to make room', () => {
    expect(describeRoom(0.5)).toEqual({
      about: 'disk',
      state: 'wrong',
      message: '0.5 GiB free; an ingest may fill it: make room',
    });
    expect(describeRoom(20)).toMatchObject({ state: 'ok', message: '20.0 GiB free' });
  });

  it('tells the folders in force, and which of them cannot be written', () => {
    const folders = { data: '/data', indexes: '/usr/lib/figseek/indexes', models: '/usr/lib/figseek/models' };
    expect(checkFolders(folders, (folder) => folder === '/data')).toEqual([
      { about: 'data folder', state: 'ok', message: '/data' },
      { about: 'index folder', state: 'wrong', message: expect.stringContaining('set FIGSEEK_INDEXES') },
      { about: 'model folder', state: 'note', message: expect.stringContaining('set FIGSEEK_MODELS') },
    ]);
  });

  it('says what does the work of an addon that is not used', () => {
    expect(describeAddon('search', null, 'JavaScript')).toMatchObject({ state: 'ok' });
    expect(describeAddon('search', 'it is absent', 'JavaScript')).toMatchObject({
      state: 'note',
      message: expect.stringMatching(/^done by JavaScript.*it is absent$/),
    });
  });

  it.each([
    ['holds what the database holds', status, [same], 'ok', /^generation g1, 9 panels/],
    [
      'differs',
      status,
      [same, { ...same, differing: 2 }],
      'wrong',
      /IMAGE: .* 2 differ.*index build.* makes the index/,
    ],
    ['is not built yet', { ...status, generation: null }, null, 'note', /index build.* makes a generation$/],
  ] as const)('judges an index that %s', async (_how, now, comparisons, state, message) => {
    const space = { status: () => Promise.resolve(now), compare: () => Promise.resolve(comparisons) };
    expect(await checkVectors(space, 'data')).toMatchObject({ state, message: expect.stringMatching(message) });
  });

  it('says how figures without a vector get one', async () => {
    const missing = (count: number) => ({ countPanelsMissingEmbedding: () => Promise.resolve(count) });
    const model = { name: 'biomedclip', version: '1' };
    expect(await checkEmbeddings(missing(0), model, 'data')).toMatchObject({ state: 'ok' });
    expect(await checkEmbeddings(missing(3), model, 'data')).toMatchObject({
      state: 'wrong',
      message: expect.stringMatching(
        /^3 panels are not embedded by biomedclip; .*models use biomedclip.* embeds them$/,
      ),
    });
  });
});
