import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { ending, newPlace, run, start, startServer, type Server } from '../support/figseek-process.js';
import { askServer } from '../support/mask-server.js';
import { askData, ingestSource, makeImage } from '../support/source-ingest.js';

interface Run {
  readonly id: string;
  readonly state: string;
  readonly read: number;
  readonly total: number | null;
  readonly removed: number;
}

const fields = 'id state read total removed added unchanged figuresPerSecond etaSeconds';

describe('a run of an ingest', () => {
  const place = newPlace();
  const folder = mkdtempSync(path.join(tmpdir(), 'runs-'));
  let server: Server;

  const latest = async () => {
    const { ingestRuns } = await askData<{ ingestRuns: { nodes: readonly Run[] } }>(
      server,
      `{ ingestRuns(first: 1) { nodes { ${fields} } } }`,
    );
    return ingestRuns.nodes[0];
  };
  const blobs = () => readdirSync(path.join(place.data, 'images'), { recursive: true, withFileTypes: true });
  const images = () => blobs().filter((entry) => entry.isFile()).length;
  /** As if they had been stored an hour ago. */
  const makeOld = () => {
    const before = new Date(Date.now() - 3_600_000);
    for (const entry of blobs())
      if (entry.isFile()) utimesSync(path.join(entry.parentPath, entry.name), before, before);
  };

  beforeAll(async () => {
    for (let number = 1; number <= 4; number++)
      writeFileSync(path.join(folder, `figure-${number}.png`), await makeImage(number));
    expect(await ingestSource(place, folder)).toMatchObject({ added: 4 });
    server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
  });
  afterAll(() => server.stop());

  it('tells how many records there are, and its pace', async () => {
    expect(await latest()).toMatchObject({
      state: 'DONE',
      read: 4,
      total: 4,
      etaSeconds: null,
      figuresPerSecond: expect.any(Number),
    });
    const { stdout } = await run(place, ['ingest', '--status']);
    expect(stdout).toMatch(/: DONE, 4 of 4 read, .* a second\n {2}4 added/);
  });

  it('removes figures whose files are gone, with their images, and replaced images', async () => {
    rmSync(path.join(folder, 'figure-4.png'));
    writeFileSync(path.join(folder, 'figure-3.png'), await makeImage(30));
    makeOld();
    expect(await ingestSource(place, folder, '--prune')).toMatchObject({ updated: 1, unchanged: 2, removed: 1 });
    expect(await latest()).toMatchObject({ removed: 1 });
    expect(images()).toBe(3);
  });

  it('keeps what another run of the source has read while it goes on', async () => {
    const pruning = run(place, ['ingest', folder, '--prune', '--json']);
    const [{ stdout }] = await Promise.all([pruning, run(place, ['ingest', folder, '--limit', '1'])]);
    expect(JSON.parse(stdout)).toMatchObject({ read: 3, removed: 0, rejected: 0 });
  });

  it('is not followed where it is not there', async () => {
    const client = createClient({ url: `${server.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
    const answers = client.iterate({ query: 'subscription { ingestRun(id: "run_none") { id } }' });
    const told: unknown[] = [];
    try {
      for await (const { errors } of answers) told.push(...(errors ?? []));
    } catch (error) {
      told.push(error);
    }
    await client.dispose();
    expect(JSON.stringify(told)).toContain('NOT_FOUND');
  });

  it('refuses to remove what a limit has not read', async () => {
    const { code, stderr } = await run(place, ['ingest', folder, '--prune', '--limit', '1']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('limit') });
  });

  it('refuses to remove what several paths of one source do not have', async () => {
    const paths = [path.join(folder, 'figure-1.png'), folder];
    const { code, stderr } = await run(place, ['ingest', ...paths, '--prune', '--source', 'one']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('takes one path') });
  });

  it('is followed by a subscription, and ended by a mutation from another process', async () => {
    const file = path.join(folder, 'many.jsonl');
    const lines: string[] = [];
    for (let number = 100; number < 350; number++) {
      writeFileSync(path.join(folder, `${number}.png`), await makeImage(number));
      lines.push(JSON.stringify({ id: `many-${number}`, image: `${number}.png` }));
    }
    writeFileSync(file, lines.join('\n'));
    const ingesting = run(place, ['ingest', file, '--json']);
    let begun = await latest();
    while (begun?.state !== 'RUNNING' || begun.read === 0) {
      await delay(200);
      begun = await latest();
    }
    expect(begun).toMatchObject({ total: 250, etaSeconds: expect.any(Number) });
    const client = createClient({ url: `${server.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
    const states: Run[] = [];
    const events = client.iterate<{ ingestRun: Run }>({
      query: `subscription ($id: ID!) { ingestRun(id: $id) { ${fields} } }`,
      variables: { id: begun.id },
    });
    const { cancelIngest } = await askData<{ cancelIngest: Run }>(
      server,
      `mutation ($id: ID!) { cancelIngest(id: $id) { id state } }`,
      { id: begun.id },
    );
    expect(cancelIngest.id).toBe(begun.id);
    for await (const { data } of events) if (data != null) states.push(data.ingestRun);
    await client.dispose();
    const { stdout, stderr, code } = await ingesting;
    expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringContaining('the same command goes on') });
    const report = JSON.parse(stdout) as { readonly isCancelled: boolean; readonly added: number };
    expect(report).toMatchObject({ isCancelled: true });
    expect(states.at(-1)).toMatchObject({ state: 'CANCELLED', read: report.added });
    expect(report.added).toBeLessThan(250);
    const { errors } = await askServer(server, `mutation ($id: ID!) { cancelIngest(id: $id) { id } }`, {
      id: begun.id,
    });
    expect(errors?.[0]?.extensions.code).toBe('CONFLICT');
    expect(await ingestSource(place, file, '--only-new')).toMatchObject({
      unchanged: report.added,
      added: 250 - report.added,
    });
  });

  it('has failed at once where its process was killed, and says so', async () => {
    const file = path.join(folder, 'killed.jsonl');
    const lines = Array.from({ length: 200 }, (_, i) => JSON.stringify({ id: `killed-${i}`, image: `${100 + i}.png` }));
    writeFileSync(file, lines.join('\n'));
    const ingesting = start(place, ['ingest', file]);
    const ended = ending(ingesting);
    let begun = await latest();
    while (begun?.state !== 'RUNNING' || begun.read === 0) {
      await delay(100);
      begun = await latest();
    }
    ingesting.kill('SIGKILL');
    await ended;
    const { stdout } = await run(place, ['ingest', file, '--status']);
    expect(stdout).toMatch(/killed\.jsonl: FAILED, \d+ of 200 read/);
    expect(stdout).toContain('Its process ended before the run did');
    expect(stdout.split('\n').filter((line) => line.includes(' read'))).toHaveLength(1);
    const { code, stderr } = await run(place, ['ingest', '--cancel', begun.id]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('has ended: it is FAILED') });
    const asked = await askData<{ node: { failure: string } }>(
      server,
      `query ($id: ID!) { node(id: $id) { ... on IngestRun { failure } } }`,
      { id: begun.id },
    );
    expect(asked.node.failure).toMatch(/^Its process ended/);
  });
});
