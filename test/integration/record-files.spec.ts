import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { newPlace, run } from '../support/figseek-process.js';
import { findMessage, ingest, newFolder, putImage, searchCaptions } from '../support/ingest-report.js';

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
    expect(Object.values(await searchCaptions(place, 'caption'))).toEqual([expect.stringMatching(/^caption of . µ$/)]);
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
    expect(findMessage(report.faults, 'r2')).toMatch(
      /there is no im\/case\.png .*; there is Case\.png, with other capitals/,
    );
    expect(findMessage(report.faults, 'r3')).toMatch(/there is no no in the folder of the source/);
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
    expect(stderr).toMatch(/a\.png: Expected JPEG, PNG, TIFF, WebP, GIF or AVIF but received a text file/);
  });
});
