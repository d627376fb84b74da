import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newPlace, run, start, startServer, writeCorpus, type Place, type Server } from '../support/figseek-process.js';
import { twoModels } from '../support/two-models.js';

const figures = 48;
const search = `{ searchFigures(query: {text: "blood smear", channels: [IMAGE, CAPTION], collapseDuplicates: false}, first: 10) {
  nodes { figure { id } } info { model total } pageInfo { endCursor } } }`;

interface Found {
  readonly nodes: readonly { readonly figure: { readonly id: string } }[];
  readonly info: { readonly model: string; readonly total: number };
  readonly pageInfo: { readonly endCursor: string };
}

const foldersIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

describe('a switch of models', () => {
  let place: Place;
  let env: Record<string, string>;
  let server: Server;

  beforeAll(async () => {
    [place, env] = [newPlace(), twoModels()];
    const { code, stderr } = await run(place, ['ingest', await writeCorpus(figures)], env);
    if (code !== 0) throw new Error(stderr);
    server = await startServer(place, env);
  });

  afterAll(async () => {
    await server.stop();
  });

  async function ask<Data>(query: string, variables: object = {}): Promise<Data> {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: Data; errors?: readonly { message: string }[] };
    if (data === undefined || errors !== undefined) throw new Error(errors?.[0]?.message ?? 'no data');
    return data;
  }

  async function find(): Promise<Found> {
    return (await ask<{ searchFigures: Found }>(search)).searchFigures;
  }

  const idsOf = ({ nodes }: Found): readonly string[] => nodes.map(({ figure }) => figure.id);

  function generations(): readonly string[] {
    const [database = ''] = foldersIn(place.indexes);
    return foldersIn(path.join(place.indexes, database)).flatMap((version) =>
      foldersIn(path.join(place.indexes, database, version)).map((name) => `${version}/${name}`),
    );
  }

  /** Searches without a pause until the server answers by a model. */
  async function searchUntil(model: string): Promise<readonly Found[]> {
    const answers: Found[] = [];
    for (let tries = 0; answers.at(-1)?.info.model !== model && tries < 3000; tries++) {
      answers.push(await find());
      await wait(10);
    }
    return answers;
  }

  it('goes on after kill -9, and serves the new model without one failed or mixed answer', async () => {
    const before = await find();
    expect(before.info).toEqual({ model: 'starter', total: figures });
    const killed = start(place, ['models', 'use', 'other'], env);
    await Promise.race([once(killed, 'close'), wait(4000)]);
    killed.kill('SIGKILL');
    expect((await find()).info.model).toBe('starter');

    const [{ code, stdout }, answers] = await Promise.all([
      run(place, ['models', 'use', 'other'], env),
      searchUntil('other'),
    ]);
    expect([code, stdout]).toEqual([0, expect.stringContaining('other is active')]);
    expect(answers.at(-1)?.info.model).toBe('other');
    for (const answer of answers) expect(idsOf(answer)).toEqual(idsOf(before));
    // A page of an answer that the old model gave is made by it.
    const next = `query ($after: String) { ${search.slice(1, -1).replace('first: 10', 'first: 10, after: $after')} }`;
    const { searchFigures } = await ask<{ searchFigures: Found }>(next, { after: before.pageInfo.endCursor });
    expect(searchFigures.info.model).toBe('starter');
    const shown = new Set([...idsOf(before), ...idsOf(searchFigures)]);
    expect(shown.size).toBe(20);
  });

  it('goes back at once, embedding and building nothing again', async () => {
    const before = generations();
    const { stdout } = await run(place, ['models', 'use', 'starter'], env);
    expect(stdout).toContain('starter is active (0 figures embedded now)');
    const answers = await searchUntil('starter');
    expect(answers.at(-1)?.info.model).toBe('starter');
    expect(new Set(answers.map((answer) => idsOf(answer).join())).size).toBe(1);
    expect(before.length).toBeGreaterThan(1);
    expect(generations()).toEqual(before);
  });

  it('forgets no model that a running server serves', async () => {
    const other = await startServer(place, { ...env, FIGSEEK_MODEL: 'other' });
    const refused = await run(place, ['models', 'forget', 'other'], env);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('a running server or “models use” needs its vectors'),
    ]);
    await other.stop();
  });

  it('forgets no version that serves, whatever the name of its package', async () => {
    const models = env['FIGSEEK_MODELS'] ?? '';
    cpSync(path.join(models, 'starter'), path.join(models, 'copy'), { recursive: true });
    const { code, stderr } = await run(place, ['models', 'forget', 'copy'], env);
    expect([code, stderr]).toEqual([2, expect.stringContaining('copy was not forgotten: starter is active')]);
    rmSync(path.join(models, 'copy'), { recursive: true });
  });

  it('forgets a model on request, but not the active one', async () => {
    const refused = await run(place, ['models', 'forget', 'starter'], env);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('starter is active')]);
    const { code, stdout } = await run(place, ['models', 'forget', 'other'], env);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/other: 9\d vectors forgotten/)]);
    const [database = ''] = foldersIn(place.indexes);
    expect(existsSync(path.join(place.indexes, database, 'b'.repeat(16)))).toBe(false);
    expect((await find()).info).toEqual({ model: 'starter', total: figures });
  });

  it('forgets on request what is of no package any more', async () => {
    const models = env['FIGSEEK_MODELS'] ?? '';
    await run(place, ['models', 'use', 'other'], env);
    await run(place, ['models', 'use', 'starter'], env);
    await searchUntil('starter');
    rmSync(path.join(models, 'other'), { recursive: true });
    // The server's note of the model that it served for a moment may be a second old.
    let forgotten = '';
    for (let tries = 0; !forgotten.includes('forgotten') && tries < 10; tries++) {
      forgotten = (await run(place, ['models', 'forget', '--unused'], env)).stdout;
    }
    expect(forgotten).toMatch(/^b{16}: 9\d vectors forgotten\n$/);
    expect((await find()).info).toEqual({ model: 'starter', total: figures });
  });

  it('serves on where the chosen model cannot be loaded', async () => {
    const broken = await run(place, ['models', 'use', 'nobody'], env);
    expect(broken.code).toBe(3);
    expect((await find()).info.model).toBe('starter');
  });
});
