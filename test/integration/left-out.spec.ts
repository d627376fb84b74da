import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { encodeJpeg, encodePng } from '../../src/imaging/encode.js';
import { newPlace, run, startServer, type Place } from '../support/figseek-process.js';
import { describeWithShared, sharedDir } from '../support/shared.js';

interface Fault {
  readonly sourceKey: string;
  readonly code: string;
  readonly message: string;
}

interface Report {
  readonly runId: string;
  readonly read: number;
  readonly added: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly leftOut: number;
  readonly faults: readonly Fault[];
  readonly leftOuts: readonly Fault[];
  readonly unknownKeys: readonly { readonly key: string; readonly meant: string | null; readonly records: number }[];
}

const newFolder = (): string => mkdtempSync(path.join(tmpdir(), 'left-out-'));

let shade = 0;
/** A picture of its own for each name. */
async function putImage(folder: string, name: string): Promise<void> {
  shade += 1;
  const color = [(shade * 40) % 256, (shade * 90) % 256, 90];
  const picture = { width: 40, height: 30, data: Uint8Array.from({ length: 3600 }, (_, i) => color[i % 3] ?? 0) };
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, await (/\.(?:jf|jp)/i.test(name) ? encodeJpeg(picture) : encodePng(picture)));
}

async function ingest(place: Place, source: string): Promise<Report & { readonly code: number | null }> {
  const { code, stdout, stderr } = await run(place, ['ingest', source, '--json']);
  if (stdout === '') throw new Error(stderr);
  return { code, ...(JSON.parse(stdout) as Report) };
}

/** Of each figure its source key and caption, as search tells it. */
async function captions(place: Place, text: string): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await run(place, ['search', text, '--json', '--exact', '--first', '30']);
  const { hits } = JSON.parse(stdout) as { hits: { sourceKey: string; caption: string }[] };
  return Object.fromEntries(hits.map(({ sourceKey, caption }) => [sourceKey, caption]));
}

const keysOf = (faults: readonly Fault[]) => faults.map(({ sourceKey }) => sourceKey).sort();
const messageOf = (faults: readonly Fault[], key: string) => faults.find(({ sourceKey }) => sourceKey === key)?.message;

describe('a folder of all kinds of files', () => {
  const folder = newFolder();
  const place = newPlace();
  let report: Report & { readonly code: number | null };

  beforeAll(async () => {
    for (const name of ['plain.png', 'UPPER.PNG', 'photo.jfif', 'photo.jpe', 'sub/deep.png', 'odd.png', 'wide.png']) {
      await putImage(folder, name);
    }
    for (const name of ['@eaDir/plain.png', '.thumbnails/a.png', '__MACOSX/._plain.png', '._plain.png']) {
      await putImage(folder, name);
    }
    const write = (name: string, content: string | Buffer) => {
      writeFileSync(path.join(folder, name), content);
    };
    write('UPPER.TXT', 'the caption of UPPER');
    write('odd.txt', Buffer.from('Größe 50 µm', 'latin1'));
    write('wide.txt', Buffer.from('\uFEFFtext in utf sixteen µm', 'utf16le'));
    write('photo.json', '\uFEFF{"caption": "a JSON file with a mark", "captoin": "typed wrong", "x-own": 1}');
    write('orphan.txt', 'tells of no image');
    write('stack.czi', 'ZISRAWFILE');
    write('table.csv', 'a,b');
    write('pack.zip', 'PK');
    write('Thumbs.db', 'x');
    write('.DS_Store', 'x');
    const elsewhere = newFolder();
    await putImage(elsewhere, 'o1.png');
    symlinkSync(elsewhere, path.join(folder, 'linked'));
    symlinkSync(folder, path.join(folder, 'sub', 'circle'));
    symlinkSync(path.join(folder, 'gone'), path.join(folder, 'broken.png'));
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/latin-`), Buffer.from([0xf6]), Buffer.from('.png')]), 'x');
    report = await ingest(place, folder);
  });

  it('takes all that are images, whatever their names end on', () => {
    expect({ added: report.added, code: report.code }).toEqual({ added: 6, code: 1 });
  });

  it('gives each image its caption, in capitals, UTF-16 and with a byte order mark too', async () => {
    const shown = await captions(place, 'caption');
    expect(shown).toMatchObject({ 'UPPER.PNG': 'the caption of UPPER', 'wide.png': 'text in utf sixteen µm' });
    expect(shown['photo.jfif']).toBe('a JSON file with a mark');
    expect(JSON.stringify(shown)).not.toContain('\uFFFD');
  });

  it('rejects what it should have taken, by name and reason', () => {
    expect(keysOf(report.faults)).toEqual([
      'broken.png',
      'latin-\uFFFD.png',
      'linked',
      'odd.png',
      'stack.czi',
      'sub/circle',
    ]);
    expect(messageOf(report.faults, 'odd.png')).toMatch(/odd\.txt: .*byte 0xF6 at 2, as files in Windows-1252/);
    expect(messageOf(report.faults, 'linked')).toMatch(/link to a folder.*give that folder as a source/);
    expect(messageOf(report.faults, 'stack.czi')).toMatch(/Zeiss CZI.*expected JPEG, PNG/);
  });

  it('names and counts all else as left out', () => {
    const names = ['.DS_Store', '._plain.png', '.thumbnails', '@eaDir', 'Thumbs.db', '__MACOSX', 'orphan.txt'];
    expect(keysOf(report.leftOuts)).toEqual([...names, 'pack.zip', 'table.csv'].sort());
    expect(report.leftOut).toBe(9);
    expect(messageOf(report.leftOuts, '@eaDir')).toMatch(/Synology.*1 files/);
    expect(messageOf(report.leftOuts, 'pack.zip')).toMatch(/archive; unpack it/);
    expect(report.unknownKeys).toMatchObject([{ key: 'captoin', meant: 'caption', records: 2 }]);
  });

  it('lists them later: figseek faults, by run, by source, in pages', async () => {
    const all = JSON.parse((await run(place, ['faults', folder, '--json'])).stdout) as { faults: readonly Fault[] };
    expect(all.faults).toHaveLength(report.rejected + report.leftOut + 1);
    expect(all.faults.at(-1)).toMatchObject({ sourceKey: 'captoin', code: 'UNKNOWN_KEY' });
    const first = await run(place, ['faults', '--run', report.runId, '--first', '2', '--json']);
    const page = JSON.parse(first.stdout) as { faults: readonly (Fault & { number: number })[]; hasNextPage: boolean };
    expect(page).toMatchObject({ hasNextPage: true, faults: all.faults.slice(0, 2) });
    const after = String(page.faults.at(-1)?.number);
    const rest = JSON.parse((await run(place, ['faults', folder, '--after', after, '--json'])).stdout) as typeof all;
    expect(rest.faults).toEqual(all.faults.slice(2));
    expect((await run(place, ['faults'])).stdout).toMatch(new RegExp(`${report.runId} .*6 rejected, 10 left out`));
    const byName = await run(place, ['faults', path.basename(folder), '--json']);
    expect((JSON.parse(byName.stdout) as typeof all).faults).toEqual(all.faults);
    expect(await run(place, ['faults', 'nowhere'])).toMatchObject({ code: 2 });
  });

  it('lists them by GraphQL', async () => {
    const server = await startServer(place);
    try {
      const query = `{ ingestRuns { nodes { id state rejected leftOut faults(first: 3) {
        nodes { sourceKey code message } pageInfo { hasNextPage endCursor } } } } node(id: "${report.runId}") { id } }`;
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      expect(await response.json()).toMatchObject({
        data: {
          ingestRuns: {
            nodes: [
              {
                id: report.runId,
                state: 'DONE',
                rejected: 6,
                leftOut: 10,
                faults: { pageInfo: { hasNextPage: true } },
              },
            ],
          },
          node: { id: report.runId },
        },
      });
    } finally {
      await server.stop();
    }
  });

  it('prints the counts, the reasons and the command that lists them', async () => {
    const { stdout } = await run(place, ['ingest', folder]);
    expect(stdout).toMatch(/6 rejected, 9 left out, 1 unknown keys/);
    expect(stdout).toMatch(/did you mean caption\?/);
    expect(stdout).toMatch(/npx figseek faults --run run_\S+ --data \S+ lists all that was not taken/);
  });
});

describe('files of records', () => {
  const record = (id: string, more: object = {}) => ({ id, image: 'a.png', caption: `caption of ${id} µ`, ...more });

  async function sourceOf(name: string, content: string | Buffer): Promise<string> {
    const folder = newFolder();
    await putImage(folder, 'a.png');
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  }

  it.each<[string, string, string | Buffer]>([
    [
      'UTF-16',
      'a.jsonl',
      Buffer.from(`\uFEFF${JSON.stringify(record('µ'))}\r\n${JSON.stringify(record('b'))}`, 'utf16le'),
    ],
    ['a JSON array', 'a.json', JSON.stringify([record('µ'), record('b')])],
    ['a JSON array over several lines', 'a.jsonl', JSON.stringify([record('µ'), record('b')], null, 2)],
    ['UTF-8 with a mark', 'a.jsonl', `\uFEFF${JSON.stringify(record('µ'))}\n${JSON.stringify(record('b'))}\n`],
  ])('are read in %s', async (_name, file, content) => {
    const place = newPlace();
    expect(await ingest(place, await sourceOf(file, content))).toMatchObject({ code: 0, added: 2, rejected: 0 });
    expect(Object.values(await captions(place, 'caption'))).toEqual([expect.stringMatching(/^caption of . µ$/)]);
  });

  it('are a fault a line in Windows-1252, never a wrong character', async () => {
    const lines = [
      JSON.stringify(record('a', { caption: 'plain' })),
      JSON.stringify(record('b', { caption: 'Größe' })),
    ].join('\n');
    const report = await ingest(newPlace(), await sourceOf('a.jsonl', Buffer.from(lines, 'latin1')));
    expect(report).toMatchObject({ code: 1, added: 1, rejected: 1 });
    expect(report.faults[0]).toMatchObject({ sourceKey: 'line 2', message: expect.stringMatching(/Windows-1252/) });
  });

  it.each<[string, Buffer, RegExp]>([
    ['a.tar.gz', gzipSync('x'.repeat(3000)), /a gzip archive: unpack it first; expected a file of records/],
    ['a.zip', Buffer.from('PK\u0003\u0004\0\0\0\0'), /a ZIP archive: unpack it first/],
    ['a.csv', Buffer.from('id,image\n1,a.png\n'), /begins with "id,image/],
    ['a.bin', Buffer.from([1, 2, 0, 3, 0]), /no text: it has NUL bytes/],
    ['a.png', Buffer.from('x'), /a single image by its name/],
  ])('are refused as a whole where they are %s', async (name, content, message) => {
    const { code, stderr, stdout } = await run(newPlace(), ['ingest', await sourceOf(name, content), '--json']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('have their unknown keys counted and named, with what was probably meant', async () => {
    const keys = {
      captoin: 'x',
      licence: 'CC0',
      title: 'T',
      journal: 'J',
      doi: '10.1/x',
      boxes: [],
      extra: { a: 1 },
      'x-a': 2,
    };
    const lines = [
      record('a', keys),
      record('b', { licence: 'CC0', label: null, colour: null }),
      record('c', { article: { title: 'T', volume: 3 } }),
    ];
    const text = lines.map((line) => JSON.stringify(line)).join('\n');
    const report = await ingest(newPlace(), await sourceOf('a.jsonl', text));
    expect(report).toMatchObject({ code: 0, added: 3 });
    expect(Object.fromEntries(report.unknownKeys.map(({ key, meant, records }) => [key, [meant, records]]))).toEqual({
      captoin: ['caption', 1],
      licence: ['license', 2],
      title: ['article.title', 1],
      journal: ['article.journal', 1],
      doi: ['article.doi', 1],
      boxes: [null, 1],
      'article.volume': [null, 1],
    });
  });

  it('find an image whose name is kept in another Unicode form, and tell of one with other capitals', async () => {
    const folder = newFolder();
    await putImage(folder, 'im/Größe é.png'.normalize('NFD'));
    await putImage(folder, 'im/Zürich.png'.normalize('NFC'));
    await putImage(folder, 'im/Case.png');
    const images = ['im/Größe é.png'.normalize('NFC'), 'im/Zürich.png'.normalize('NFD'), 'im/case.png', 'no/where.png'];
    const file = path.join(folder, 'a.jsonl');
    writeFileSync(file, images.map((image, i) => JSON.stringify({ id: `r${i}`, image })).join('\n'));
    const report = await ingest(newPlace(), file);
    expect(report).toMatchObject({ added: 2, rejected: 2 });
    expect(messageOf(report.faults, 'r2')).toMatch(
      /there is no im\/case\.png .*; there is Case\.png, with other capitals/,
    );
    expect(messageOf(report.faults, 'r3')).toMatch(/there is no no in the folder of the source/);
  });

  it('say in one line what is wrong with a record', async () => {
    const bad = { id: 'a', image: 'a.png', labels: 'H&E', caption: 7 };
    const report = await ingest(newPlace(), await sourceOf('a.jsonl', JSON.stringify(bad)));
    expect(report.faults[0]?.message).toMatch(/^caption: .*expected string.*; labels: .*expected array/);
  });

  it('keep control characters of names from the terminal', async () => {
    const line = JSON.stringify({ id: '\u001B[31mred\u0007', image: 'absent.png' });
    const { stdout } = await run(newPlace(), ['ingest', await sourceOf('a.jsonl', line)]);
    expect(stdout).toContain('\\x1b[31mred\\x07: BAD_USER_INPUT');
    expect(stdout).not.toContain('\u001B');
  });
});

describe('JSON with a byte order mark', () => {
  it('is read by embed and as configuration', async () => {
    const folder = newFolder();
    const file = path.join(folder, 't.json');
    writeFileSync(file, '\uFEFF["one text"]');
    const { code, stdout } = await run(newPlace(), ['embed', '--texts', file]);
    expect({ code, input: (JSON.parse(stdout) as { input: string }).input }).toEqual({ code: 0, input: 'one text' });
  });

  it('names the text or the image that cannot be embedded', async () => {
    const folder = newFolder();
    writeFileSync(path.join(folder, 't.txt'), Buffer.from('Größe', 'latin1'));
    writeFileSync(path.join(folder, 'a.png'), 'no image');
    const texts = await run(newPlace(), ['embed', '--texts', path.join(folder, 't.txt')]);
    expect(texts.stderr).toMatch(/t\.txt: .*Windows-1252/);
    await putImage(folder, 'b.png');
    const images = ['b.png', 'a.png'].map((name) => path.join(folder, name));
    const { code, stderr } = await run(newPlace(), ['embed', '--images', ...images]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/a\.png: Expected JPEG, PNG, TIFF, WebP or GIF but received a text file/);
  });
});

describeWithShared('inputs that were lost without a word', () => {
  const cases = path.join(sharedDir, 'data', 'cases');
  const copyOf = (name: string): string => {
    const folder = newFolder();
    for (const file of readdirSync(path.join(cases, name), { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      const from = path.join(file.parentPath, file.name);
      const to = path.join(folder, path.relative(path.join(cases, name), from));
      mkdirSync(path.dirname(to), { recursive: true });
      copyFileSync(from, to);
    }
    return folder;
  };

  it('captions beside images (sidecar-encoding)', async () => {
    const place = newPlace();
    const report = await ingest(place, copyOf('sidecar-encoding'));
    expect(await captions(place, 'text')).toEqual({
      'json-bom.png': 'json with bom',
      'txt-utf16.png': 'text in utf sixteen µm',
    });
    expect(keysOf(report.faults)).toEqual(['json-array.png', 'json-badtype.png', 'txt-latin1.png']);
    expect(report.faults.every(({ message }) => !message.includes('\n'))).toBe(true);
  });

  it.each([
    ['latin1.jsonl', 0, 1],
    ['utf16.jsonl', 2, 0],
    ['array.json', 2, 0],
    ['array1.json', 2, 0],
  ])('records in another encoding or form (jsonl-encoding/%s)', async (file, taken, rejected) => {
    const folder = copyOf('jsonl-encoding');
    for (const number of [5, 6, 7, 8, 9]) await putImage(folder, `im/${number}.png`);
    expect(await ingest(newPlace(), path.join(folder, file))).toMatchObject({ added: taken, rejected });
  });

  it('files of a folder (folder-left-out)', async () => {
    const report = await ingest(newPlace(), path.join(copyOf('folder-left-out'), 'src'));
    expect(report).toMatchObject({ added: 4, rejected: 0 });
    expect(keysOf(report.leftOuts)).toEqual(['linked']);
  });

  it('names in another Unicode form (file-name-form)', async () => {
    const report = await ingest(newPlace(), path.join(copyOf('file-name-form'), 'norm.jsonl'));
    expect(report).toMatchObject({ added: 2, rejected: 0 });
  });

  it('JSON with a byte order mark (json-with-bom)', async () => {
    const file = path.join(cases, 'json-with-bom', 't.json');
    expect(readFileSync(file)[0]).toBe(0xef);
    expect(await run(newPlace(), ['embed', '--texts', file])).toMatchObject({ code: 0 });
  });
});
