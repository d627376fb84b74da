import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ending, newPlace, run, start, writeCorpus, type Place } from '../support/figseek-process.js';
import { joinPages } from '../support/tiff-pages.js';

interface Report {
  readonly read: number;
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly faults: readonly { sourceKey: string; code: string; message: string }[];
}

/** A GIF of 4 × 4 pixels: red, then green, then blue. */
const threeFrames =
  'R0lGODlhBAAEAIAAAExpcf8AACH5BAUAAAAALAAAAAAEAAQAAAIEjI8ZBQAh+QQFAAAAACwAAAAABAAEAIBMaXEA/wACBIyPGQUAIfkEBQAAAAAsAAAAAAQABACATGlxAAD/AgSMjxkFADs=';

async function ingest(place: Place, source: string): Promise<Report> {
  const { stdout, stderr } = await run(place, ['ingest', source, '--json']);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Report;
}

async function search(place: Place, text: string): Promise<readonly { sourceKey: string; score: number }[]> {
  const { stdout, stderr } = await run(place, ['search', text, '--json', '--exact', '--first', '30']);
  if (stdout === '') throw new Error(stderr);
  const { hits } = JSON.parse(stdout) as { hits: { sourceKey: string; score: number }[] };
  return hits.map(({ sourceKey, score }) => ({ sourceKey, score }));
}

describe('ingest', () => {
  it('loses and doubles nothing when it is killed three times at random moments', async () => {
    const corpus = await writeCorpus(160);
    const whole = newPlace();
    const startedAt = performance.now();
    expect(await ingest(whole, corpus)).toMatchObject({ read: 160, added: 160, rejected: 0 });
    const wallMs = performance.now() - startedAt;

    const torn = newPlace();
    for (let kill = 1; kill <= 3; kill++) {
      const child = start(torn, ['ingest', corpus]);
      const ended = ending(child);
      setTimeout(() => child.kill('SIGKILL'), wallMs * (0.1 + 0.6 * Math.random()));
      await ended;
    }
    const { added, updated, unchanged, rejected } = await ingest(torn, corpus);
    expect({ updated, rejected, seen: added + unchanged }).toEqual({ updated: 0, rejected: 0, seen: 160 });
    for (const text of ['blood smear', 'survival curve', 'ct']) {
      expect(await search(torn, text)).toEqual(await search(whole, text));
    }
  });

  it('ends at an interrupt with what it has in hand, says so, and goes on from there', async () => {
    const corpus = await writeCorpus(160);
    const place = newPlace();
    const child = start(place, ['ingest', corpus]);
    const ended = ending(child);
    const images = path.join(place.data, 'images');
    while (!existsSync(images) || readdirSync(images).length === 0) await new Promise((look) => setTimeout(look, 20));
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: expect.stringContaining('the same command goes on from there'),
    });
    const [, read] = /(\d+) read, \d+ added/.exec(stdout) ?? [];
    expect(Number(read)).toBeLessThan(160);
    const { stdout: runs } = await run(place, ['faults']);
    expect(runs).toContain('CANCELLED');
    expect(await ingest(place, corpus)).toMatchObject({ added: 160 - Number(read), unchanged: Number(read) });
  });

  it('tells of pages and frames that are not taken', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'pages-'));
    writeFileSync(path.join(folder, 'three.gif'), Buffer.from(threeFrames, 'base64'));
    const place = newPlace();
    const { stdout } = await run(place, ['ingest', folder]);
    expect(stdout).toContain(
      'three.gif: LEFT_OUT: The file has 3 pages or frames: the first one is taken, the others are left out',
    );
    expect(stdout).toMatch(/1 read, 1 added.* 1 left out/);
  });

  it('takes the pages of a TIFF as figures of their own, sixteen of many', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'stacks-'));
    const page = (level: number) => ({ width: 8, height: 8, bits: 8, parts: [new Uint8Array(64).fill(level)] });
    const stackOf = (pages: number) => joinPages(Array.from({ length: pages }, (_, i) => page(10 + 10 * i)));
    writeFileSync(path.join(folder, 'three.tif'), stackOf(3));
    writeFileSync(path.join(folder, 'three.txt'), 'A stack of three.');
    writeFileSync(path.join(folder, 'many.ome.tif'), stackOf(20));
    const place = newPlace();
    const { stdout } = await run(place, ['ingest', folder]);
    expect(stdout).toMatch(/19 read, 19 added.* 1 left out/);
    expect(stdout).toContain('many.ome.tif#pages: LEFT_OUT: pages of it: of 20, 16 are taken, evenly spread');
    const found = await run(place, ['search', 'stack of three', '--channels', 'keyword', '--json']);
    const { hits } = JSON.parse(found.stdout) as { hits: readonly { readonly sourceKey: string }[] };
    const keys = hits.map(({ sourceKey }) => sourceKey).sort();
    expect(keys).toEqual(['three.tif', 'three.tif#page=2', 'three.tif#page=3']);
    expect(await ingest(place, folder)).toMatchObject({ unchanged: 19, added: 0, rejected: 0 });
    // Damage takes no page for gone.
    for (const left of [0.6, 0.01]) {
      const whole = stackOf(20);
      writeFileSync(path.join(folder, 'many.ome.tif'), whole.subarray(0, Math.ceil(left * whole.length)));
      const { stdout: pruned } = await run(place, ['ingest', folder, '--prune', '--json']);
      expect(JSON.parse(pruned)).toMatchObject({ removed: 0, notPruned: expect.stringContaining('could not be read') });
    }
  });

  it('passes over what is unchanged, puts back lost image files, and embeds again what changed', async () => {
    const corpus = await writeCorpus(12);
    const place = newPlace();
    await ingest(place, corpus);
    expect(await ingest(place, corpus)).toMatchObject({ added: 0, updated: 0, unchanged: 12 });
    rmSync(path.join(place.data, 'images'), { recursive: true });
    expect(await ingest(place, corpus)).toMatchObject({ unchanged: 12, rejected: 0 });
    expect(
      readdirSync(path.join(place.data, 'images'), { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      ),
    ).toHaveLength(12);
    const [first = '', ...others] = readFileSync(corpus, 'utf8').split('\n');
    const changed = JSON.stringify({
      ...(JSON.parse(first) as object),
      caption: 'A zebrafish embryo under polarised light',
    });
    writeFileSync(corpus, [changed, ...others].join('\n'));
    expect(await ingest(place, corpus)).toMatchObject({ added: 0, updated: 1, unchanged: 11 });
    const [best] = await search(place, 'zebrafish embryo');
    expect(best?.sourceKey).toBe((JSON.parse(first) as { id: string }).id);
  });

  it('keeps each rejected record as a fault with its reason, takes the others, and ends with code 1', async () => {
    const corpus = await writeCorpus(3);
    const folder = path.dirname(corpus);
    writeFileSync(
      path.join(folder, 'broken.png'),
      readFileSync(path.join(folder, 'images', firstImage(corpus))).subarray(0, 2000),
    );
    const bad = [
      'not json',
      '{"image": "broken.png"}',
      '{"id": "cut", "image": "broken.png"}',
      '{"id": "absent", "image": "absent.png"}',
      '{"id": "outside", "image": "../../../etc/hostname"}',
      '{"id": "folder", "image": "images"}',
      '{"id": "pipe", "image": "pipe.png"}',
    ];
    writeFileSync(corpus, `${readFileSync(corpus, 'utf8')}\n${bad.join('\n')}`);
    execFileSync('mkfifo', [path.join(folder, 'pipe.png')]);
    const place = newPlace();
    const { code, stdout } = await run(place, ['ingest', corpus, '--json']);
    const report = JSON.parse(stdout) as Report;
    expect({ code, added: report.added, rejected: report.rejected }).toEqual({ code: 1, added: 3, rejected: 7 });
    const messages = Object.fromEntries(report.faults.map(({ sourceKey, message }) => [sourceKey, message]));
    expect(messages['line 4']).toMatch(/not JSON/);
    expect(messages['cut']).toMatch(/damaged/);
    expect(messages['absent']).toMatch(/cannot be read/);
    expect(messages['folder']).toMatch(/not a file/);
    expect(messages['pipe']).toMatch(/not a file/);
    expect(messages['outside']).toMatch(/outside|cannot be read/);
  });

  it('reads a folder of images with captions beside them', async () => {
    const corpus = await writeCorpus(2);
    const folder = mkdtempSync(path.join(tmpdir(), 'folder-'));
    const source = path.join(path.dirname(corpus), 'images', firstImage(corpus));
    copyFileSync(source, path.join(folder, 'one.png'));
    copyFileSync(source, path.join(folder, 'two.png'));
    writeFileSync(path.join(folder, 'one.txt'), 'Axolotl limb bud');
    writeFileSync(
      path.join(folder, 'two.json'),
      JSON.stringify({ id: 'second', caption: 'Quokka femur', labels: ['bone'] }),
    );
    const place = newPlace();
    writeFileSync(path.join(folder, 'drawing.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    const report = await ingest(place, folder);
    expect(report).toMatchObject({ read: 3, added: 2, rejected: 1 });
    expect(report.faults).toMatchObject([{ sourceKey: 'drawing.svg', code: 'UNSUPPORTED_MEDIA' }]);
    expect((await search(place, 'quokka'))[0]?.sourceKey).toBe('second');
    expect((await search(place, 'axolotl'))[0]?.sourceKey).toBe('one.png');
  });
});

function firstImage(corpus: string): string {
  const record = JSON.parse(readFileSync(corpus, 'utf8').split('\n')[0] ?? '') as { image: string };
  return path.basename(record.image);
}
