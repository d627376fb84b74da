import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { encodePng } from '../../src/imaging/encode.js';
import { newPlace, startServer, type Place, type Server } from '../support/figseek-process.js';
import { askServer } from '../support/mask-server.js';

const env = { FIGSEEK_SAMPLES: 'never' };
const create = 'mutation { createCollection(name: "kept?") { id } }';

describe('a server whose database is not where it was', () => {
  let server: Server;

  afterEach(async () => {
    await server.stop();
  });

  it.each([
    ['is removed', (place: Place) => renameSync(path.join(place.data, 'figseek.db'), path.join(place.data, 'away'))],
    ['was moved with its folder', (place: Place) => renameSync(place.data, `${place.data}-moved`)],
    [
      'was replaced',
      (place: Place) => {
        renameSync(path.join(place.data, 'figseek.db'), path.join(place.data, 'away'));
        writeFileSync(path.join(place.data, 'figseek.db'), '');
      },
    ],
  ])('refuses every change by name and is not ready where it %s', async (_how, change) => {
    const place = newPlace();
    server = await startServer(place, env);
    expect((await askServer(server, create)).errors).toBeUndefined();
    change(place);
    expect((await askServer(server, create)).errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(/figseek\.db .*put it back/),
        extensions: { code: 'DATABASE_UNAVAILABLE' },
      }),
    ]);
    const ready = await fetch(`${server.url}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ checks: { database: expect.stringMatching(/figseek\.db/) } });
  });
});

describe('a server whose disk is full', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'full-'));
  const canMount =
    process.platform === 'linux' &&
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'figseek-test', folder]).status === 0;
  if (!canMount) {
    console.warn('LEFT OUT: the test of a full disk needs root, to mount a small file system');
    it('finds a place for a small file system', () => {
      if (process.env['CI'] === 'true') throw new Error('A small file system could not be mounted');
    });
    return;
  }
  let server: Server | undefined;

  afterEach(async () => {
    await server?.stop();
    spawnSync('umount', ['-l', folder]);
  });

  it('answers by name, keeps what was there, and goes on when there is space again', async () => {
    const place = { data: path.join(folder, 'data'), indexes: newPlace().indexes };
    mkdirSync(place.data);
    server = await startServer(place, env);
    expect((await askServer(server, create)).errors).toBeUndefined();
    const { bavail, bsize } = statfsSync(folder);
    const ballast = path.join(folder, 'ballast');
    writeFileSync(ballast, Buffer.alloc(bavail * bsize));

    const png = await encodePng({ width: 100, height: 100, data: new Uint8Array(30_000).map((_, i) => i % 251) });
    const upload = await fetch(`${server.url}/uploads`, {
      method: 'POST',
      body: new Uint8Array(png),
      headers: { 'Content-Type': 'image/png' },
    });
    expect(upload.status).toBe(507);
    expect(await upload.json()).toEqual({
      error: { code: 'INSUFFICIENT_STORAGE', message: expect.stringMatching(/free some/) },
    });
    const long = `mutation { createCollection(name: "big", description: "${'x'.repeat(900)}") { id } }`;
    const codes = new Set<string | undefined>();
    // The log of the database may have room for some.
    for (let i = 0; i < 400 && !codes.has('INSUFFICIENT_STORAGE'); i++) {
      codes.add((await askServer(server, long)).errors?.[0]?.extensions.code);
    }
    expect([...codes].filter((code) => code !== undefined)).toEqual(['INSUFFICIENT_STORAGE']);

    spawnSync('rm', [ballast]);
    expect((await askServer(server, create)).errors).toBeUndefined();
    const { data } = await askServer<{ collections: { nodes: { name: string }[] } }>(
      server,
      '{ collections(first: 200) { nodes { name } } }',
    );
    expect(data?.collections.nodes.filter(({ name }) => name === 'kept?')).toHaveLength(2);
  });
});
