import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Panel } from '../../src/domain/figure.js';
import { hashMaskKey, formatMaskId, preprocessKey } from '../../src/domain/mask.js';
import { encodePng } from '../../src/imaging/encode.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteMaskStore } from '../../src/adapters/sqlite/mask-store.js';
import { compoundImage, storeCompound, type Compound } from '../support/compound-figure.js';
import { newPlace, run, startServer, writeCorpus, type Server } from '../support/figseek-process.js';
import { askServer, type Answer } from '../support/mask-server.js';

interface Found {
  readonly figure: { readonly id: string; readonly labels: readonly string[] };
}
type Searched = Answer<{ searchFigures: { nodes: readonly Found[] } }>;

const kinds = ['blood smear', 'abdominal CT'];

describe('search by a mask', () => {
  const place = newPlace();
  let compound: Compound;
  let server: Server;

  beforeAll(async () => {
    const { code, stderr } = await run(place, ['ingest', await writeCorpus(240)]);
    if (code !== 0) throw new Error(stderr);
    compound = await storeCompound(place, 'compound', kinds);
    server = await startServer(place);
  });

  afterAll(async () => {
    await server.stop();
  });

  async function mask(figureId: string, prompt: string, waitMs = 120_000): Promise<string> {
    const { data, errors } = await askServer<{ figure: { mask: { id: string } } }>(
      server,
      `query ($id: ID!, $prompt: String!, $waitMs: Int) {
        figure(id: $id) { mask(prompt: $prompt, waitMs: $waitMs) { id } } }`,
      { id: figureId, prompt, waitMs },
    );
    if (data === undefined || errors !== undefined) throw new Error(errors?.[0]?.message);
    return data.figure.mask.id;
  }

  function search(image: object, first = 6): Promise<Searched> {
    return askServer(
      server,
      `query ($image: ImageInput, $first: Int) {
        searchFigures(query: {image: $image, channels: [IMAGE]}, first: $first) { nodes { figure { id labels } } } }`,
      { image, first },
    );
  }

  /** The kinds of the figures that were found, but for the one that was asked about. */
  async function kindsOf(answer: Promise<Searched>): Promise<readonly string[]> {
    const { data, errors } = await answer;
    if (data === undefined || errors !== undefined) throw new Error(errors?.[0]?.message);
    const others = data.searchFigures.nodes.filter(({ figure }) => figure.id !== compound.figure.id);
    return others.map(({ figure }) => figure.labels[0] ?? '').slice(0, 5);
  }

  it.each([
    ['red blood cells', 'blood smear'],
    ['liver', 'abdominal CT'],
  ])('finds by %s on a panel first of all %s figures, as the whole picture does not', async (prompt, kind) => {
    const id = await mask(compound.figure.id, prompt);
    const found = await kindsOf(search({ maskId: id }));
    expect(found.slice(0, 3)).toEqual([kind, kind, kind]);
    const byWhole = await kindsOf(search({ figureId: compound.figure.id }));
    expect(byWhole.filter((one) => one === kind).length).toBeLessThan(found.filter((one) => one === kind).length);
  });

  it('is a term like others, and finds articles too', async () => {
    const id = await mask(compound.figure.id, 'red blood cells');
    const query = { terms: [{ image: { maskId: id } }, { text: 'sickle cells', weight: -0.5 }] };
    const { data, errors } = await askServer<{ searchArticles: { nodes: { figures: readonly Found[] }[] } }>(
      server,
      `query ($query: SearchInput!) { searchArticles(query: $query, first: 3) { nodes { figures { figure { id labels } } } } }`,
      { query },
    );
    expect(errors).toBeUndefined();
    const best = data?.searchArticles.nodes.map(({ figures }) => figures[0]?.figure.labels[0]);
    expect(best).toContain('blood smear');
  });

  it('refuses what is no mask, or a mask beside something else', async () => {
    const id = await mask(compound.figure.id, 'red blood cells');
    const region = { x: 0, y: 0, width: 1, height: 1 };
    await refuses({ maskId: 'msk_0' }, 'NOT_FOUND', /no mask msk_0/);
    await refuses({ maskId: compound.figure.id }, 'NOT_FOUND', /no mask fig_/);
    await refuses(
      { maskId: id, figureId: compound.figure.id },
      'BAD_USER_INPUT',
      /exactly one of .*maskId .*received 2/,
    );
    await refuses({ maskId: id, region }, 'BAD_USER_INPUT', /no region of a mask/);
  });

  it('refuses an empty mask, one that failed, and one that is still being made', async () => {
    await refuses({ maskId: await mask(compound.figure.id, 'teapot') }, 'BAD_USER_INPUT', /is empty: “teapot”/);
    await refuses({ maskId: await failedMask() }, 'CONFLICT', /could not be made: the picture is odd/);
    // Behind others, so that it is not made at once.
    const names = Array.from({ length: 12 }, (_, i) => `liver lesion ${i}`);
    const asked: string[] = [];
    for (const name of names) asked.push(await mask(compound.figure.id, name, 0));
    await refuses({ maskId: asked.at(-1) ?? '' }, 'CONFLICT', /still being made; .* READY/);
  });

  it('refuses a mask whose figure is gone', async () => {
    const { figure } = await storeCompound(place, 'going', kinds);
    const id = await mask(figure.id, 'liver');
    expect((await search({ maskId: id })).errors).toBeUndefined();
    await askServer(server, 'mutation ($id: ID!) { deleteFigure(id: $id) }', { id: figure.id });
    await refuses({ maskId: id }, 'NOT_FOUND', /its figure is gone/);
  });

  it('finds by a region of a file what that shows, on the command line', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'region-')), 'compound.png');
    writeFileSync(file, await encodePng(compoundImage('compound', kinds)));
    const [whole, smear] = compound.panels.map(({ box }) => box);
    if (whole === undefined || smear === undefined) throw new Error('the figure has panels');
    const region = [
      smear.x / whole.width,
      smear.y / whole.height,
      smear.width / whole.width,
      smear.height / whole.height,
    ];
    const args = ['search', '--image', file, '--channels', 'image', '--first', '4', '--json'];
    const { stdout, stderr } = await run(place, [...args, '--region', region.join(',')]);
    if (stdout === '') throw new Error(stderr);
    const { hits } = JSON.parse(stdout) as { hits: { sourceKey: string; labels: readonly string[] }[] };
    const found = hits.filter(({ sourceKey }) => sourceKey !== 'compound').map(({ labels: [kind] }) => kind);
    expect(found.slice(0, 3)).toEqual(['blood smear', 'blood smear', 'blood smear']);
  });

  it.each([
    [['--image', 'x.png', '--region', '0.1,0.2,0.3'], /expected four numbers/],
    [['words', '--region', '0,0,1,1'], /--region with --image/],
  ])('refuses %j on the command line', async (args, message) => {
    const { code, stderr } = await run(place, ['search', ...args]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
  });

  async function refuses(image: object, code: string, message: RegExp): Promise<void> {
    const { errors } = await search(image);
    expect(errors?.[0]).toMatchObject({ message: expect.stringMatching(message), extensions: { code } });
  }

  /** As the segmenter leaves one that it cannot make. */
  async function failedMask(): Promise<string> {
    const [, panel]: readonly (Panel | undefined)[] = compound.panels;
    if (panel === undefined) throw new Error('the figure has panels');
    const what = { imageHash: compound.figure.imageHash, box: panel.box, prompt: 'odd', imageType: null };
    const key = { ...what, modelVersion: 'none', preparation: preprocessKey(256) };
    const database = await Database.open(place.data);
    try {
      const record = { hash: hashMaskKey(key), key, model: 'none' };
      await new SqliteMaskStore(database).saveFailed(record, 'the picture is odd');
      return formatMaskId(record.hash, panel.id);
    } finally {
      await database.close();
    }
  }
});
