import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ending, newPlace, run, start } from '../support/figseek-process.js';
import type { Report } from '../support/ingest-report.js';
import { drawArticle, md5Of } from '../support/pmc-articles.js';
import { PmcServer, type PmcFault, type PmcVersion } from '../support/pmc-server.js';

/** `FIGSEEK_FULL_SIZE=1` asks for as many as the acceptance does. */
const count = process.env['FIGSEEK_FULL_SIZE'] === '1' ? 500 : 80;
const [perSecond, articlesAhead] = [100, 8];

interface Trouble {
  /** Of the article, as the server names it. */
  readonly key: (version: string) => string;
  readonly fault: PmcFault;
  readonly times?: number;
  /** Code of the fault that becomes of it; null where another attempt mends it. */
  readonly code: string | null;
}

const [picture, xml] = [(version: string) => `${version}/fig1.png`, (version: string) => `${version}/${version}.xml`];

const troubles = (foreign: string): readonly Trouble[] => [
  { key: picture, fault: { kind: 'status', status: 404 }, code: 'NOT_FOUND' },
  { key: xml, fault: { kind: 'status', status: 500 }, code: 'SOURCE_UNAVAILABLE' },
  { key: xml, fault: { kind: 'status', status: 500 }, times: 1, code: null },
  { key: picture, fault: { kind: 'stall' }, code: 'TIMEOUT' },
  { key: picture, fault: { kind: 'corrupt' }, code: 'BAD_USER_INPUT' },
  { key: picture, fault: { kind: 'cut' }, code: 'SOURCE_UNAVAILABLE' },
  { key: xml, fault: { kind: 'short' }, code: 'BAD_USER_INPUT' },
  { key: picture, fault: { kind: 'status', status: 302, headers: { location: foreign } }, code: 'SOURCE_UNAVAILABLE' },
  { key: (version) => `metadata/${version}.json`, fault: { kind: 'status', status: 404 }, code: 'NOT_FOUND' },
];

describe('an ingest of articles that is killed', () => {
  const place = newPlace();
  const versions: PmcVersion[] = [];
  /** Code of the fault by the article's version, of those that the server does not give whole. */
  const bad = new Map<string, { readonly code: string; readonly isWhole: boolean }>();
  let [server, foreign]: [PmcServer | null, PmcServer | null] = [null, null];

  const at = (): PmcServer => {
    if (server === null) throw new Error('The server has not been started');
    return server;
  };
  const args = ['ingest', '--query', 'anything', '--yes', '--json'];

  beforeAll(async () => {
    [server, foreign] = [await PmcServer.start(), await PmcServer.start()];
    const kinds = troubles(`${foreign.url}/x.png`);
    const spoiled = Math.max(kinds.length, Math.round(count * 0.03));
    for (let number = 1; number <= count; number++) {
      const version = await drawArticle(`PMC${number}.1`);
      versions.push(version);
      server.add(version);
    }
    for (let number = 0; number < spoiled; number++) {
      const { name } = versions[Math.floor(((number + 0.5) * count) / spoiled)] ?? { name: '' };
      const trouble = kinds[number % kinds.length];
      if (trouble === undefined) continue;
      server.fail(trouble.key(name), trouble.fault, trouble.times);
      if (trouble.code !== null) bad.set(name, { code: trouble.code, isWhole: trouble.key !== picture });
    }
  }, 60_000);
  afterAll(async () => {
    await server?.close();
    await foreign?.close();
  });

  it('goes on from there: the good ones are in, the bad ones faults, and nothing is fetched twice', async () => {
    const settings = at().settings(perSecond, 500);
    const child = start(place, args, settings);
    const ended = ending(child);
    while (at().asked.length < count * 2) await wait(20);
    child.kill('SIGKILL');
    await ended;
    const before = at().asked.length;
    // The next process does not know how often the killed one asked in its last second.
    await wait(1100);
    const { code, stdout, stderr } = await run(place, args, settings);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`Europe PMC finds ${count} articles`)]);
    expect(before).toBeLessThan(at().asked.length);

    const report = JSON.parse(stdout) as Report;
    const whole = [...bad.values()].filter(({ isWhole }) => isWhole).length;
    expect(report.added + report.unchanged).toBe(2 * count - bad.size - whole);
    const codes = new Map(report.faults.map(({ sourceKey, code: of }) => [sourceKey.replace(/\/.*/, ''), of]));
    expect([...codes].sort()).toEqual([...bad].map(([name, { code: of }]) => [name.replace('.1', ''), of]).sort());
    for (const { message } of report.faults) expect(message.length).toBeGreaterThan(10);

    expect(storedPictures()).toEqual(wantedPictures());
    expect(readdirSync(path.join(place.data, 'pmc/unfinished'))).toEqual([]);
    expect(at().mostInOneSecond()).toBeLessThanOrEqual(perSecond);
    expect(foreign?.asked).toEqual([]);
    // Those that were on their way when the process was killed are asked for once more.
    expect(fetchedTwice().length).toBeLessThanOrEqual(articlesAhead + 1);
  }, 600_000);

  it('fetches no picture again that is in the corpus', async () => {
    at().asked.length = 0;
    const { stdout } = await run(place, args, at().settings(1000, 500));
    const { added, unchanged } = JSON.parse(stdout) as Report;
    expect([added, unchanged]).toEqual([0, wantedPictures().length]);
    const asked = at()
      .fetched()
      .filter((key) => key.endsWith('.png'));
    expect(asked.filter((key) => !bad.has(path.dirname(key)))).toEqual([]);
  }, 600_000);

  function isWanted(name: string, file: string): boolean {
    const trouble = bad.get(name);
    return trouble === undefined || (!trouble.isWhole && file !== 'fig1.png');
  }

  function wantedPictures(): readonly string[] {
    const files = versions.flatMap(({ name, media }) => [...media].map(([file, bytes]) => ({ name, file, bytes })));
    return files.flatMap(({ name, file, bytes }) => (isWanted(name, file) ? [md5Of(bytes)] : [])).sort();
  }

  function storedPictures(): readonly string[] {
    return readdirSync(path.join(place.data, 'images'), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => md5Of(readFileSync(path.join(parentPath, name))))
      .sort();
  }

  /** Of articles without trouble. */
  function fetchedTwice(): readonly string[] {
    const keys = at()
      .fetched()
      .filter((key) => !at().isSpoiled(key));
    return keys.filter((key, place_) => keys.indexOf(key) !== place_);
  }
});
