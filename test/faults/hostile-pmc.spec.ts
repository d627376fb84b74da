import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PmcReader, type PmcSettings } from '../../src/adapters/sources/pmc/pmc-reader.js';
import type { SourceItem } from '../../src/domain/figure-record.js';
import { MemoryBlobStore } from '../support/memory-blob-store.js';
import { drawArticle, md5Of } from '../support/pmc-articles.js';
import { PmcServer, type PmcFault } from '../support/pmc-server.js';

let server: PmcServer;
let folder: string;

beforeAll(async () => {
  server = await PmcServer.start();
});
afterAll(async () => {
  await server.close();
});
beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'hostile-pmc-')), 'data');
});

/** Items of some articles, with the code that reading their pictures ends with. */
async function read(
  ids: readonly string[],
  changes: Partial<PmcSettings> = {},
  atEnd?: (reader: PmcReader) => Promise<void>,
): Promise<readonly string[]> {
  const reader = new PmcReader({
    pmcUrl: `${server.url}/bucket`,
    europepmcUrl: `${server.url}/rest`,
    ...{ requestsPerSecond: 500, stallMs: 300, folder, blobs: new MemoryBlobStore(), screening: null },
    ...{ note: () => undefined, signal: new AbortController().signal },
    ...changes,
  });
  try {
    const told: string[] = [];
    const items = reader.itemsOf(ids.map((article) => ({ article, version: null })));
    for await (const item of items) told.push(await tell(item));
    await atEnd?.(reader);
    return told;
  } finally {
    await reader.close();
  }
}

async function tell(item: SourceItem): Promise<string> {
  if (item.kind === 'left-out') return `left out ${item.sourceKey}`;
  if (item.kind === 'fault') return `${item.code} ${item.sourceKey}: ${item.message}`;
  const outcome = await item.readImage().then(
    (bytes) => (md5Of(bytes).length === 32 ? 'read' : ''),
    (error: unknown) => `${(error as { code: string }).code} ${(error as Error).message}`,
  );
  return `${item.record.id} ${outcome}`;
}

/** Names of all files that lie in a folder and below it. */
function filesBelow(root: string): readonly string[] {
  return readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

describe('a server of articles that goes wrong', () => {
  const faults: readonly (readonly [string, PmcFault, number, RegExp])[] = [
    ['is busy once', { kind: 'status', status: 503 }, 1, /^PMC\d+\/f1 read$/],
    ['asks to wait', { kind: 'status', status: 429, headers: { 'retry-after': '0' } }, 1, /^PMC\d+\/f1 read$/],
    ['cuts the connection once', { kind: 'cut' }, 1, /^PMC\d+\/f1 read$/],
    ['sends damaged bytes once', { kind: 'corrupt' }, 1, /^PMC\d+\/f1 read$/],
    ['has no such file', { kind: 'status', status: 404 }, Infinity, /f1 NOT_FOUND .* \(404\)$/],
    [
      'is always broken',
      { kind: 'status', status: 500 },
      Infinity,
      /f1 SOURCE_UNAVAILABLE Given up: .* 500 .*4 times$/,
    ],
    ['forbids it', { kind: 'status', status: 403 }, Infinity, /f1 SOURCE_UNAVAILABLE .* answered 403/],
    ['stalls', { kind: 'stall' }, Infinity, /f1 TIMEOUT .*stalled/],
    ['cuts the connection', { kind: 'cut' }, Infinity, /f1 SOURCE_UNAVAILABLE/],
    ['sends half of it', { kind: 'short' }, Infinity, /f1 BAD_USER_INPUT .*is damaged: its MD5 is/],
    ['sends other bytes', { kind: 'corrupt' }, Infinity, /f1 BAD_USER_INPUT .*is damaged: its MD5 is/],
    ['writes without end', { kind: 'endless' }, Infinity, /f1 PAYLOAD_TOO_LARGE Expected at most 134\.2 MB/],
  ];
  it.each(faults)('gives a picture or a fault where it %s', async (_name, fault, times, expected) => {
    const id = `PMC${100 + faults.findIndex(([name]) => name === _name)}`;
    server.add(await drawArticle(`${id}.1`, { captions: { 'a.png': 'A' } }));
    server.fail(`${id}.1/a.png`, fault, times);
    expect(await read([id])).toEqual([expect.stringMatching(expected)]);
  });

  it.each(['list PMC21.', 'metadata/PMC21.1.json', 'PMC21.1/PMC21.1.xml'])(
    'gives a fault where %s has no end',
    async (key) => {
      server.add(await drawArticle('PMC21.1', {}));
      server.fail(key, { kind: 'endless' }, 1);
      expect(await read(['PMC21'])).toEqual([expect.stringMatching(/^PAYLOAD_TOO_LARGE PMC21: Expected at most/)]);
    },
  );

  it('is not followed to another host', async () => {
    const foreign = await PmcServer.start();
    server.add(await drawArticle('PMC31.1', { captions: { 'a.png': 'A', 'b.png': 'B' } }));
    const location = `${foreign.url}/bucket/PMC31.1/a.png`;
    server.fail('PMC31.1/a.png', { kind: 'status', status: 302, headers: { location } });
    server.fail('PMC31.1/b.png', { kind: 'status', status: 307, headers: { location: 'file:///etc/passwd' } });
    const told = await read(['PMC31']).finally(() => foreign.close());
    expect(told).toEqual([
      expect.stringMatching(/f1 SOURCE_UNAVAILABLE The address of PMC31\.1\/a\.png leads to 127.* not followed/),
      expect.stringMatching(/f2 SOURCE_UNAVAILABLE .*not https/),
    ]);
    expect(foreign.asked).toEqual([]);
  });

  it('is followed within itself, and not in a circle', async () => {
    server.add(await drawArticle('PMC32.1', { captions: { 'a.png': 'A', 'b.png': 'B' } }));
    const to = (key: string): PmcFault => ({ kind: 'status', status: 302, headers: { location: `/bucket/${key}` } });
    server.fail('PMC32.1/a.png', to('PMC32.1/a.png'), 1);
    server.fail('PMC32.1/b.png', to('PMC32.1/b.png'));
    expect(await read(['PMC32'])).toEqual([
      'PMC32/f1 read',
      expect.stringMatching(/f2 SOURCE_UNAVAILABLE .*without end/),
    ]);
  });

  it('ends the run where it gives none of many articles', async () => {
    const ids = Array.from({ length: 40 }, (_, place) => `PMC${4000 + place}`);
    for (const id of ids) {
      server.add(await drawArticle(`${id}.1`, { captions: {} }));
      server.fail(`list ${id}.`, { kind: 'status', status: 403 });
    }
    await expect(read(ids)).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      message: expect.stringMatching(/^20 articles in a row could not be fetched.*goes on from there/) as unknown,
    });
  });

  it('ends the run where it asks to wait for an hour', async () => {
    const headers = { 'retry-after': '3600' };
    server.add(await drawArticle('PMC41.1', { captions: {} }));
    server.fail('list PMC41.', { kind: 'status', status: 503, headers });
    await expect(read(['PMC41'])).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      message: expect.stringMatching(/answered 503 .* asks to wait 60 minutes/) as unknown,
    });
  });

  it('need not be asked for articles that the other one lacks', async () => {
    const gone = { europepmcUrl: 'http://127.0.0.1:9/rest' };
    expect(await read(['PMC999'], gone)).toEqual([expect.stringMatching(/^NOT_FOUND .*Europe PMC could not be asked/)]);
  });

  it('ends the run where it is out of reach', async () => {
    const gone = { pmcUrl: 'http://127.0.0.1:9/bucket' };
    await expect(read(['PMC1'], gone)).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
  });
});

describe('metadata and media that are hostile', () => {
  it('name no file outside, and ask no other bucket: each such address is told', async () => {
    const moreMedia = [
      's3://another-bucket/PMC51.1/c.png?md5=0123456789abcdef0123456789abcdef',
      's3://pmc-oa-opendata/PMC52.1/c.png',
      's3://pmc-oa-opendata/PMC51.1/../../escape.png',
      's3://pmc-oa-opendata/PMC51.1/..',
      's3://pmc-oa-opendata/PMC51.1/sub/c.png',
      's3://pmc-oa-opendata/PMC51.1/..%2f..%2fescape.png',
      's3://pmc-oa-opendata/PMC51.1/a\nb.png',
      's3://pmc-oa-opendata/PMC51.1/c\\d.png',
      's3://pmc-oa-opendata/PMC51.1/c.png?md5=../../../escape',
      'https://pmc-oa-opendata.s3.amazonaws.com/PMC51.1/c.png',
      `s3://pmc-oa-opendata/PMC51.1/${'x'.repeat(300)}.png`,
    ];
    const captions = { 'a.png': 'A', '../../escape.png': 'B', 'sub/c.png': 'C', 'a&#10;b.png': 'D' };
    const { media, ...drawn } = await drawArticle('PMC51.1', {
      captions,
      absent: Object.keys(captions).slice(1),
      moreMedia,
    });
    server.add({ ...drawn, media });
    server.asked.length = 0;
    const told = await read(['PMC51']);
    expect(told[0]).toMatch(/^BAD_RECORD PMC51\.1\.json: 11 addresses of media are not taken.*another-bucket/);
    expect(told[1]).toBe('PMC51/f1 read');
    for (const [place, line] of told.slice(2).entries())
      expect(line).toMatch(new RegExp(`^BAD_RECORD PMC51/f${place + 2}: There is no picture`));
    expect(told).toHaveLength(5);
    expect(server.fetched().filter((key) => key.endsWith('.png'))).toEqual(['PMC51.1/a.png']);
    const around = path.dirname(folder);
    expect(readdirSync(around)).toEqual(['data']);
    expect(filesBelow(around).some((name) => name.includes('escape'))).toBe(false);
  });

  it('are faults where they cannot be read', async () => {
    server.add({ ...(await drawArticle('PMC61.1', {})), metadata: '{"media_urls": [' });
    server.add({ ...(await drawArticle('PMC62.1', {})), metadata: '{"media_urls": "s3://x"}' });
    server.add({ ...(await drawArticle('PMC63.1', {})), xml: '<article><front>' });
    server.add({ ...(await drawArticle('PMC1.1', { moreMedia: [] })), name: 'PMC64.1', metadata: '{}' });
    expect(await read(['PMC61', 'PMC62', 'PMC63', 'PMC64'])).toEqual([
      expect.stringMatching(/^BAD_USER_INPUT PMC61: PMC61\.1\.json cannot be read/),
      expect.stringMatching(/^BAD_USER_INPUT PMC62: PMC62\.1\.json cannot be read/),
      expect.stringMatching(/^BAD_USER_INPUT PMC63: PMC63\.1\/PMC63\.1\.xml is damaged/),
      'BAD_USER_INPUT PMC64: PMC64.1.xml is expected to be the article PMC64, but says that it is PMC1',
    ]);
  });
});

describe('what was fetched', () => {
  it('is written whole, and stays for the next run where this one does not end', async () => {
    const drawn = await drawArticle('PMC71.1', { captions: { 'a.png': 'A' } });
    server.add(drawn);
    const picture = drawn.media.get('a.png') ?? Buffer.alloc(0);
    await read(['PMC71']);
    const unfinished = path.join(folder, 'unfinished/PMC71');
    expect(readFileSync(path.join(unfinished, `${md5Of(picture)}.picture`))).toEqual(picture);
    server.asked.length = 0;
    expect(await read(['PMC71'])).toEqual(['PMC71/f1 read']);
    expect(server.asked).toEqual([]);
  });

  it('is deleted after the run; a picture is fetched again only where the corpus has lost it', async () => {
    const drawn = await drawArticle('PMC72.1', { captions: { 'a.png': 'A' } });
    server.add(drawn);
    const blobs = new MemoryBlobStore();
    await read(['PMC72'], { blobs }, (reader) => reader.sweep());
    expect(readdirSync(path.join(folder, 'unfinished'))).toEqual([]);
    const hash = await blobs.put(drawn.media.get('a.png') ?? Buffer.alloc(0));
    for (const [isLost, expected] of [
      [false, []],
      [true, ['PMC72.1/a.png']],
    ] as const) {
      if (isLost) await blobs.remove(hash);
      server.asked.length = 0;
      expect(await read(['PMC72'], { blobs }, (reader) => reader.sweep())).toEqual(['PMC72/f1 read']);
      expect(server.fetched().filter((key) => key.endsWith('.png'))).toEqual(expected);
    }
  });
});
