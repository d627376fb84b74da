import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ConnectProxy } from '../faults/connect-proxy.js';
import { ending, newPlace, run, start, startServer, type Place } from '../support/figseek-process.js';
import { type Report } from '../support/ingest-report.js';
import { drawArticle, writeMirror } from '../support/pmc-articles.js';
import { PmcServer } from '../support/pmc-server.js';
import { askData } from '../support/source-ingest.js';

let server: PmcServer;
let place: Place;

beforeAll(async () => {
  server = await PmcServer.start();
  server.add(await drawArticle('PMC1.2', { captions: { 'fig1.png': 'second version' } }));
  server.add(await drawArticle('PMC1.9', { captions: { 'fig1.png': 'ninth version' } }));
  server.add(await drawArticle('PMC1.10', { captions: { 'fig1.png': 'tenth version' }, absent: ['fig1.png'] }));
  server.add(
    await drawArticle('PMC2.1', { captions: { 'fig1.png': 'retracted' }, retracted: true, license: 'CC BY-NC' }),
  );
  server.add(
    await drawArticle('PMC3.1', {
      captions: { 'xray.png': 'Chest radiographs of a patient', 'plot.png': 'Plot of survival' },
      type: 'case-report',
    }),
  );
  server.add(await drawArticle('PMC4.1', { captions: { 'x ü.png': 'A review' }, type: 'review-article' }));
  server.known.add('PMC77');
});
afterAll(async () => {
  await server.close();
});
beforeEach(() => {
  place = newPlace();
  server.asked.length = 0;
});

async function ingest(...args: readonly string[]): Promise<Report> {
  const { code, stdout, stderr } = await run(place, ['ingest', ...args, '--json'], server.settings(200));
  if (stdout === '') throw new Error(stderr);
  return { code, ...(JSON.parse(stdout) as Omit<Report, 'code'>) };
}

interface Listed {
  readonly figures: {
    readonly nodes: readonly {
      readonly id: string;
      readonly sourceKey: string;
      readonly caption: string;
      readonly source: string;
      readonly article: { readonly pmcid: string; readonly license: string; readonly retracted: boolean };
    }[];
  };
}

async function figures(of = place) {
  const web = await startServer(of, { FIGSEEK_SAMPLES: 'never' });
  const query = '{ figures(first: 50) { nodes { id sourceKey caption source article { pmcid license retracted } } } }';
  const data = await askData<Listed>(web, query).finally(() => web.stop());
  return data.figures.nodes;
}

const pictures = (): readonly string[] => server.fetched().filter((key) => key.endsWith('.png'));

describe('articles of PubMed Central by their ids', () => {
  it('are taken in the highest version that has its pictures, as a local mirror gives them', async () => {
    const report = await ingest('pmc:PMC1', 'pmc:2', 'pmc:PMC4', 'pmc:PMC1');
    expect(report).toMatchObject({ code: 0, read: 3, added: 3, rejected: 0, sourceName: 'pmc' });
    expect(report.leftOuts.map(({ sourceKey, message }) => `${sourceKey}: ${message}`)).toEqual([
      'PMC1.10: another version of this article is taken: PMC1.9',
      'PMC1.2: another version of this article is taken: PMC1.9',
    ]);
    expect([...pictures()].sort()).toEqual(['PMC1.9/fig1.png', 'PMC2.1/fig1.png', 'PMC4.1/x ü.png']);
    const found = await figures();
    expect(found.map(({ caption, source, article }) => [caption, source, article.license, article.retracted])).toEqual([
      ['ninth version', 'pmc', 'CC-BY', false],
      ['retracted', 'pmc', 'CC-BY-NC', true],
      ['A review', 'pmc', 'CC-BY', false],
    ]);
    const mirror = newPlace();
    const folder = mkdtempSync(path.join(tmpdir(), 'mirror-'));
    writeMirror(
      folder,
      server.contents().filter(({ name }) => !name.startsWith('PMC3')),
    );
    await run(mirror, ['ingest', folder]);
    const withoutSource = (all: typeof found) => all.map(({ source: _source, ...figure }) => figure);
    expect(withoutSource(await figures(mirror))).toEqual(withoutSource(found));
  }, 60_000);

  it('are not fetched again where they are in the corpus, but looked at for what has changed', async () => {
    await ingest('pmc:PMC3');
    expect(existsSync(path.join(place.data, 'pmc/unfinished/PMC3'))).toBe(false);
    server.asked.length = 0;
    expect(await ingest('pmc:PMC3')).toMatchObject({ read: 2, added: 0, unchanged: 2, rejected: 0 });
    expect(server.fetched()).toHaveLength(3);
    expect(pictures()).toEqual([]);
  });

  it('may be a version, and stand beside paths', async () => {
    const { stdout } = await run(place, ['ingest', 'pmc:PMC1.2', '/nowhere', '--json'], server.settings(200));
    // A path that is none is told before anything is asked.
    expect([stdout, server.asked]).toEqual(['', []]);
    const folder = mkdtempSync(path.join(tmpdir(), 'mirror-'));
    writeMirror(
      folder,
      server.contents().filter(({ name }) => name === 'PMC2.1'),
    );
    const both = await run(place, ['ingest', 'pmc:PMC1.2', folder, '--json'], server.settings(200));
    const reports = both.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { added: number; source: string });
    expect(reports.map(({ added, source }) => [added, source])).toEqual([
      [1, folder],
      [1, 'pmc:PMC1.2'],
    ]);
  });

  it('store nothing in a dry run', async () => {
    expect(await ingest('pmc:PMC3', '--dry-run')).toMatchObject({ read: 2, added: 2, runId: null });
    expect(existsSync(path.join(place.data, 'pmc'))).toBe(false);
  });

  it('stay where they are at Ctrl-C, and the next run goes on with them', async () => {
    const ids = ['pmc:PMC1', 'pmc:PMC2', 'pmc:PMC3', 'pmc:PMC4'];
    const child = start(place, ['ingest', ...ids], server.settings(3));
    const ended = ending(child);
    while (server.asked.length < 8) await wait(20);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([130, expect.stringContaining('the same command goes on from there')]);
    const before = new Set(server.fetched());
    server.asked.length = 0;
    expect(await ingest(...ids)).toMatchObject({ added: 5, rejected: 0 });
    // One request may have been on its way in each place.
    expect(server.fetched().filter((key) => before.has(key)).length).toBeLessThanOrEqual(3);
    const { stdout } = await run(place, ['faults']);
    expect(stdout).toContain('CANCELLED');
  });

  it('are faults where there is none, or none with open access', async () => {
    const report = await ingest('pmc:PMC999', 'pmc:PMC77', 'pmc:PMC1.4', 'pmc:PMC2');
    expect(report).toMatchObject({ code: 1, added: 1, rejected: 3 });
    expect(report.faults.map(({ sourceKey, code, message }) => `${sourceKey} ${code} ${message}`)).toEqual([
      expect.stringMatching(/^PMC999 NOT_FOUND There is no article PMC999/),
      expect.stringMatching(/^PMC77 NOT_FOUND PMC77 has no open-access version/),
      expect.stringMatching(/^PMC1\.4 NOT_FOUND .* has no metadata\/PMC1\.4\.json \(404\)/),
    ]);
    const { stdout } = await run(place, ['faults', 'pmc']);
    expect(stdout).toContain('PMC77');
  });

  it('say which host is out of reach, and how to name another one or a proxy', async () => {
    const settings = { ...server.settings(200), FIGSEEK_PMC_URL: 'http://127.0.0.1:9' };
    const { code, stderr } = await run(place, ['ingest', 'pmc:PMC1'], settings);
    expect(code).toBe(70);
    expect(stderr).toMatch(/127\.0\.0\.1:9\) cannot be reached: .*HTTPS_PROXY.*FIGSEEK_PMC_URL/);
  });

  it('are asked for through a proxy', async () => {
    const proxy = await ConnectProxy.start(Number(new URL(server.url).port));
    const behind = { FIGSEEK_PMC_URL: 'http://bucket.example/bucket', HTTP_PROXY: proxy.url, http_proxy: proxy.url };
    const { stdout } = await run(place, ['ingest', 'pmc:PMC2'], { ...server.settings(200), ...behind });
    await proxy.close();
    expect([stdout, proxy.asked[0]]).toEqual([expect.stringContaining('1 added'), 'bucket.example:80']);
  });
});

describe('screening', () => {
  it('leaves figures out before their pictures are fetched, and says why', async () => {
    const report = await ingest('pmc:PMC3', 'pmc:PMC4', '--words', 'radiograph,MRI');
    expect(report).toMatchObject({ read: 1, added: 1, leftOut: 2 });
    expect(report.leftOuts.map(({ sourceKey }) => sourceKey)).toEqual(['PMC3/f2', 'PMC4/f1']);
    expect(report.leftOuts[0]?.message).toContain('screened out: neither its caption nor a mention has');
    expect(pictures()).toEqual(['PMC3.1/xray.png']);
  });

  it('is the same for a local mirror', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'mirror-'));
    writeMirror(folder, server.contents());
    const report = await ingest(folder, '--license', 'cc-by', '--article-type', 'case-report,research-article');
    expect(report.added).toBe(3);
    const screened = report.leftOuts.filter(({ message }) => message.startsWith('screened out'));
    expect(screened.map(({ sourceKey, message }) => `${sourceKey} ${message}`)).toEqual([
      'PMC2/f1 screened out: its license is CC-BY-NC',
      'PMC4/f1 screened out: the type of the article is review-article',
    ]);
  });

  it('is refused for what is no article', async () => {
    const { code, stderr } = await run(place, ['ingest', place.data.replace(/data$/, ''), '--words', 'CT']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('figures are screened by what articles in JATS say')]);
  });
});

describe('articles that a search finds', () => {
  it('are counted first, and not taken without a word where nobody can be asked', async () => {
    const { code, stderr } = await run(place, ['ingest', '--query', 'chest'], server.settings(200));
    expect(code).toBe(2);
    expect(stderr).toContain('Europe PMC finds 5 articles of PubMed Central with open access');
    expect(stderr).toContain('expected --yes to take the figures of all 5 articles, or --limit N');
    expect(server.fetched()).toEqual([]);
  });

  it('are taken over all pages of the search', async () => {
    server.pageSize = 2;
    const report = await ingest('--query', 'chest AND (a OR b)', '--yes').finally(() => (server.pageSize = 1000));
    expect(report).toMatchObject({ added: 5, rejected: 1 });
    const asked = server.asked.filter(({ path: asks }) => asks.startsWith('/rest/'));
    expect(asked).toHaveLength(4);
    expect(new URL(asked[0]?.path ?? '', server.url).searchParams.get('query')).toBe(
      '(chest AND (a OR b)) AND OPEN_ACCESS:y AND IN_PMC:y',
    );
  });

  it('end at the limit, and nothing is left of those that were fetched ahead', async () => {
    expect(await ingest('--query', 'chest', '--limit', '2')).toMatchObject({ read: 2 });
    expect(readdirSync(path.join(place.data, 'pmc/unfinished'))).toEqual([]);
  });

  it('may be none', async () => {
    const { code, stderr } = await run(place, ['ingest', '--query', 'nothing', '--yes'], server.settings(200));
    expect([code, stderr]).toEqual([0, expect.stringContaining('Europe PMC finds 0 articles')]);
  });

  it('are not looked for by a query or an id that is none, or by nothing', async () => {
    const refused = await run(place, ['ingest', '--query', 'syntax error', '--yes'], server.settings(200));
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('the query cannot be parsed')]);
    const without = await run(place, ['ingest', 'pmc:../../etc'], server.settings(200));
    expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('expected pmc:PMC8253867')]);
    expect((await run(place, ['ingest'])).code).toBe(2);
  });
});
