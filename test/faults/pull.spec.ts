import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { downloadFile } from '../../src/model-hub/file-download.js';
import { HubClient } from '../../src/model-hub/hub-client.js';
import { describeFile, readSnapshot } from '../../src/model-hub/repository.js';
import { drawnBytes } from './drawn-bytes.js';
import type { HubContent } from './hub-content.js';
import { HubServer, type Fault } from './hub-server.js';

const large = drawnBytes(400_000, 1);
const small = drawnBytes(3000, 2);
const files = { 'weights.bin': { bytes: large, lfs: true }, 'config.json': { bytes: small, lfs: false } };
const policy = { attempts: 3, firstDelayMs: 1, maxDelayMs: 4 };

describe('a download from a hub', () => {
  let folder: string;
  let server: HubServer;
  let client: HubClient;
  let notes: string[];

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'pull-'));
    notes = [];
  });

  afterEach(async () => {
    await client.close();
    await server.close();
    rmSync(folder, { recursive: true });
  });

  async function startHub(content: Partial<HubContent> = {}, token: string | null = null): Promise<void> {
    server = await HubServer.start({ 'owner/model': { files, ...content } });
    client = new HubClient({ url: server.url, token, stallMs: 1000 });
  }

  async function download(name: string, connections = 4): Promise<Buffer> {
    const file = await describeFile(client, await readSnapshot(client, 'owner/model'), name);
    const part = { connections, minSegmentBytes: 100_000, savedEvery: 10_000 };
    const note = (line: string): number => notes.push(line);
    await downloadFile(client, file, path.join(folder, name), { part, policy, note, onProgress: () => undefined });
    return readFileSync(path.join(folder, name));
  }

  function rangesAsked(): (string | null)[] {
    return server.asked.filter(({ by }) => by === 'network').map(({ range }) => range);
  }

  it('fetches a large file by several connections, each its own range', async () => {
    await startHub();
    expect((await download('weights.bin')).equals(large)).toBe(true);
    expect(rangesAsked().sort()).toEqual([
      'bytes=0-99999',
      'bytes=100000-199999',
      'bytes=200000-299999',
      'bytes=300000-399999',
    ]);
    expect(readdirSync(folder)).toEqual(['weights.bin']);
  });

  it('checks small files by git’s hash, and reads size and hash by HEAD where the list has none', async () => {
    await startHub({ bareList: true });
    expect((await download('config.json')).equals(small)).toBe(true);
    expect((await download('weights.bin')).equals(large)).toBe(true);
    expect(server.asked.filter(({ method }) => method === 'HEAD')).toHaveLength(2);
    expect(server.asked.filter(({ method, by }) => method === 'HEAD' && by === 'network')).toEqual([]);
  });

  it('never shows the token to another origin', async () => {
    await startHub({ gatedBy: 'secret' }, 'secret');
    await download('weights.bin');
    const tokens = (by: 'hub' | 'network') =>
      new Set(server.asked.filter((one) => one.by === by).map((one) => one.authorization));
    expect(tokens('hub')).toEqual(new Set(['Bearer secret']));
    expect(tokens('network')).toEqual(new Set([null]));
  });

  it('asks for one commit throughout', async () => {
    await startHub();
    await download('weights.bin');
    const resolved = server.asked.filter(({ path: asked }) => asked.includes('/resolve/'));
    expect(new Set(resolved.map(({ path: asked }) => /resolve\/([0-9a-f]{40})\//.exec(asked)?.[1])).size).toBe(1);
  });

  const fixed: [string, Fault][] = [
    ['a dropped connection', { kind: 'drop', after: 12_345 }],
    ['a connection that stalls', { kind: 'stall', after: 5000 }],
    ['an answer that is too short', { kind: 'length', by: -7 }],
    ['an answer that is too long', { kind: 'length', by: 7 }],
    ['bytes beyond what was asked for', { kind: 'surplus' }],
    ['429 with Retry-After', { kind: 'status', status: 429, headers: { 'retry-after': '0' } }],
    ['503', { kind: 'status', status: 503 }],
    ['an expired address of the content network', { kind: 'status', status: 403 }],
  ];
  it.each(fixed)('tries again after %s', async (_what, fault) => {
    await startHub();
    server.fail('weights.bin', fault, fault);
    expect((await download('weights.bin')).equals(large)).toBe(true);
    expect(notes).toHaveLength(2);
  });

  const stopped: [string, Fault, RegExp][] = [
    ['dropped connections', { kind: 'drop', after: 0 }, /was dropped, 3 times\. What was fetched is kept/],
    ['stalled connections', { kind: 'stall', after: 0 }, /stalled, 3 times/],
    ['a length that stays wrong', { kind: 'length', by: 7 }, /sent more bytes of weights.bin than it lists, 3 times/],
    ['a hub that stays busy', { kind: 'status', status: 503 }, /answered 503 for owner\/model\/weights.bin, 3 times/],
    ['a long wait', { kind: 'status', status: 429, headers: { 'retry-after': '7200' } }, /wait 120 minutes/],
  ];
  it.each(stopped)('gives up after %s, in one line', async (_what, fault, message) => {
    await startHub();
    server.fail('weights.bin', ...Array<Fault>(6).fill(fault));
    const error: unknown = await download('weights.bin', 1).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'FigseekError', code: 'MODEL_UNAVAILABLE' });
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toContain('\n');
  });

  it('goes on where an earlier run gave up, without fetching again what it has', async () => {
    await startHub();
    server.fail('weights.bin', { kind: 'drop', after: 50_000 }, ...Array<Fault>(2).fill({ kind: 'drop', after: 0 }));
    await expect(download('weights.bin', 1)).rejects.toThrow(/run the same command again/);
    expect(existsSync(path.join(folder, 'weights.bin'))).toBe(false);
    server.asked.length = 0;
    expect((await download('weights.bin', 1)).equals(large)).toBe(true);
    expect(rangesAsked()).toEqual(['bytes=50000-399999']);
  });

  it('starts a file anew by one connection where the server gives no ranges', async () => {
    await startHub();
    server.fail('weights.bin', ...Array<Fault>(5).fill({ kind: 'no-ranges' }));
    expect((await download('weights.bin')).equals(large)).toBe(true);
    expect(notes.join()).toMatch(/gives no ranges of weights.bin/);
    expect(rangesAsked().at(-1)).toBe(null);
  });

  it('deletes a file that arrived with another content, and says so', async () => {
    await startHub();
    server.fail('weights.bin', { kind: 'corrupt' });
    await expect(download('weights.bin')).rejects.toThrow(/another content .*it was deleted/);
    expect(readdirSync(folder)).toEqual([]);
    expect((await download('weights.bin')).equals(large)).toBe(true);
  });

  it('starts anew where the file on the hub became another one, or the state was damaged', async () => {
    await startHub();
    writeFileSync(path.join(folder, 'weights.bin'), 'of an older commit');
    writeFileSync(path.join(folder, 'weights.bin.part'), 'half');
    writeFileSync(path.join(folder, 'weights.bin.part.json'), '{"hash": "');
    expect((await download('weights.bin')).equals(large)).toBe(true);
    expect(readdirSync(folder)).toEqual(['weights.bin']);
  });

  it('fetches nothing that is there already', async () => {
    await startHub();
    await download('weights.bin');
    server.asked.length = 0;
    await download('weights.bin');
    expect(server.asked.map(({ path: asked }) => asked)).toEqual([expect.stringContaining('/api/models/')]);
  });
});
