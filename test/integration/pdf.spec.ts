import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openSource } from '../../src/adapters/sources/open-source.js';
import type { SourceItem } from '../../src/domain/figure-record.js';
import { decodeImage } from '../../src/imaging/decode.js';
import { encodeJpeg } from '../../src/imaging/encode.js';
import { newPlace } from '../support/figseek-process.js';
import { articlePdf, drawnImage, tiledImage } from '../support/pdf-articles.js';
import { imageAt, textAt, writePdf } from '../support/pdf-writer.js';
import { put } from '../support/public-set-folders.js';
import { ingestSource } from '../support/source-ingest.js';

const newFolder = (): string => mkdtempSync(path.join(tmpdir(), 'pdfs-'));

async function itemsOf(source: string): Promise<readonly SourceItem[]> {
  const items: SourceItem[] = [];
  for await (const item of (await openSource(source, { format: 'auto' })).read()) items.push(item);
  return items;
}

type RecordItem = Extract<SourceItem, { kind: 'record' }>;
const recordsOf = (items: readonly SourceItem[]) => items.filter((item): item is RecordItem => item.kind === 'record');
const pixelsOf = async ({ readImage }: RecordItem) => (await decodeImage(await readImage())).image;

describe('PDFs', () => {
  it('give the images that have a caption beside them, with label, caption and what the file says of the article', async () => {
    const file = put(newFolder(), 'paper.pdf', articlePdf());
    const records = recordsOf(await itemsOf(file));
    expect(records.map(({ record }) => [record.id, record.label, record.caption])).toEqual([
      ['paper.pdf#figure-1', 'Figure 1', 'Cells of the left ventricle, stained blue (a) and red.'],
      ['paper.pdf#fig-2', 'Fig. 2', 'A micrograph.'],
      ['paper.pdf#figure-3', 'Figure 3', 'A picture in two strips.'],
    ]);
    expect(records[0]?.record.article).toMatchObject({
      ...{ title: 'paper', doi: '10.5555/pdf.1', authors: ['Ada Byron', 'Max Born'] },
    });
    const [one, two, three] = await Promise.all(records.map(pixelsOf));
    expect(Buffer.from(one?.data ?? [])).toEqual(Buffer.from(drawnImage(1).data));
    expect(Buffer.from(two?.data ?? [])).toEqual(Buffer.from(drawnImage(2).data));
    expect(Buffer.from(three?.data ?? [])).toEqual(Buffer.from(tiledImage.data));
  });

  it('are read through a link that was named itself, under its own name', async () => {
    const link = path.join(newFolder(), 'paper.pdf');
    symlinkSync(put(newFolder(), 'SHA256E-1.pdf', articlePdf()), link);
    const records = recordsOf(await itemsOf(link));
    expect(records[0]?.record).toMatchObject({ id: 'paper.pdf#figure-1', article: { title: 'paper' } });
    expect((await pixelsOf(records[0] as RecordItem)).data.length).toBeGreaterThan(0);
  });

  it('tell what is left out and why', async () => {
    const items = await itemsOf(put(newFolder(), 'paper.pdf', articlePdf()));
    const reasons = items.flatMap((item) => (item.kind === 'left-out' ? [`${item.sourceKey} ${item.reason}`] : []));
    for (const expected of [
      /#page-2 .*: Figure 4 is made of several images/,
      /#page-2 Figure 5: no image stands directly above or below/,
      /#page-3 an image of 120 × 90 pixels: no caption that begins with “Fig”/,
      /#page-3 .*: Figure 6 is drawn with lines in part/,
      /#page-4 an image of 120 × 90 pixels: it fills the page/,
      /paper\.pdf 1 small image, smaller/,
      /paper\.pdf 1 image on three pages or more/,
    ]) {
      expect(reasons).toContainEqual(expect.stringMatching(expected));
    }
    expect(items.filter(({ kind }) => kind === 'fault')).toEqual([]);
  });

  it('are left out where one caption may belong to two images that stand apart', async () => {
    const images = { One: drawnImage(1), Two: drawnImage(2) };
    const content = [imageAt('One', 60, 480, 150, 110), imageAt('Two', 250, 480, 150, 110)];
    const short = [...content, textAt(60, 465, 'Figure 1. Two cells.')];
    const items = await itemsOf(put(newFolder(), 'a.pdf', writePdf([{ content: short, images }])));
    expect(recordsOf(items)).toEqual([]);
    const reasons = items.flatMap((item) => (item.kind === 'left-out' ? [item.reason] : []));
    expect(reasons).toContainEqual(
      expect.stringMatching(/an image beside it has no caption of its own, so that Figure 1 may be both/),
    );
    const both = [...short, textAt(250, 465, 'Figure 2. Another cell.')];
    expect(recordsOf(await itemsOf(put(newFolder(), 'b.pdf', writePdf([{ content: both, images }]))))).toHaveLength(2);
  });

  it('are refused where the file is empty', async () => {
    const empty = put(newFolder(), 'empty.pdf', '');
    await expect(openSource(empty, { format: 'auto' })).rejects.toThrow(/empty\.pdf is empty \(0 bytes\)/);
  });

  it('are ingested from a folder; a second run changes nothing, and damaged and encrypted ones are faults', async () => {
    const folder = newFolder();
    put(folder, 'a/paper.pdf', articlePdf());
    put(folder, 'cut.pdf', '%PDF-1.7\nand nothing more');
    const entries = `/Filter /Standard /V 1 /R 2 /P -4 /O <${'41'.repeat(32)}> /U <${'42'.repeat(32)}>`;
    put(folder, 'locked.pdf', writePdf([{ content: [] }], { encrypt: `/Encrypt << ${entries} >>` }));
    put(folder, 'notes.html', '<html>');
    // A folder with the name of a library is none.
    put(folder, 'shots.json/notes.txt', 'text');
    const place = newPlace();
    const report = await ingestSource(place, folder);
    expect(report).toMatchObject({ added: 3, rejected: 2 });
    const faults = report.faults
      .filter(({ code }) => !code.startsWith('LEFT_OUT'))
      .map(({ code, message }) => `${code} ${message}`);
    expect(faults).toContainEqual(expect.stringMatching(/^BAD_USER_INPUT The PDF is damaged/));
    expect(faults).toContainEqual(expect.stringMatching(/^UNSUPPORTED_MEDIA The PDF is encrypted/));
    expect(await ingestSource(place, folder)).toMatchObject({ added: 0, updated: 0, unchanged: 3, rejected: 2 });
  });

  it('of a library that Zotero exports belong to its references, by attachment, DOI or title', async () => {
    const folder = newFolder();
    const named = writePdf([{ content: [textAt(50, 700, 'none')] }], {
      info: '/Title (A title that several words have)',
    });
    put(folder, 'files/1/Byron - 2019.pdf', articlePdf());
    put(folder, 'files/2/other.pdf', named);
    const ris = [
      'TY  - JOUR',
      'TI  - On cells',
      'AU  - Byron, Ada',
      'PY  - 2019',
      'L1  - files/1/Byron - 2019.pdf',
      'ER  - ',
    ];
    put(folder, 'My Library.ris', [...ris, 'TY  - JOUR', 'TI  - Without a file', 'ER  - ', ''].join('\n'));
    const items = await itemsOf(folder);
    expect(recordsOf(items)[0]?.record).toMatchObject({
      ...{ id: 'files/1/Byron - 2019.pdf#figure-1' },
      article: { title: 'On cells', authors: ['Ada Byron'], year: 2019 },
    });
    expect(items).toContainEqual(
      expect.objectContaining({ sourceKey: 'files/2/other.pdf', reason: 'no figure was found on its 1 page' }),
    );
    expect(items.at(-1)).toMatchObject({ reason: '1 of 2 references have no PDF here' });
    // CSL-JSON names no attachments: the DOI on the first page is looked for.
    put(folder, 'My Library.ris', '');
    put(folder, 'My Library.json', JSON.stringify([{ type: 'article', title: 'By its DOI', DOI: '10.5555/PDF.1' }]));
    expect(recordsOf(await itemsOf(folder))[0]?.record.article).toMatchObject({ title: 'By its DOI' });
  });

  it('give pixels of gray, of one bit, of JPEG, on turned pages, and of an image on two pages', async () => {
    const [width, height] = [64, 56];
    const gray = { width, height, data: new Uint8Array(width * height).map((_, i) => i % 251), form: 'gray' as const };
    const bits = { width, height, data: new Uint8Array(8 * height).fill(0xf0), form: 'bits' as const };
    const color = drawnImage(3, width, height);
    const jpeg = { width, height, data: await encodeJpeg(color), form: 'jpeg' as const };
    const page = (label: string, image: typeof gray | typeof bits | typeof jpeg | typeof color, rotate = 0) => ({
      content: [imageAt('I', 100, 400, 192, 168), textAt(100, 385, `${label}. A caption of it.`)],
      ...{ images: { I: image }, rotate },
    });
    const sides = page('Figure 5', color, 180);
    // The page is turned upside down, and so is what stands on it.
    const turned = { ...sides, content: ['-1 0 0 -1 600 800 cm', ...sides.content] };
    const twice = [page('Figure 3', jpeg), page('Figure 4', jpeg)];
    const pdf = writePdf([page('Figure 1', gray), page('Figure 2', bits), ...twice, turned]);
    const records = recordsOf(await itemsOf(put(newFolder(), 'kinds.pdf', pdf)));
    expect(records.map(({ record }) => record.label)).toEqual([1, 2, 3, 4, 5].map((number) => `Figure ${number}`));
    const images = await Promise.all(records.map(pixelsOf));
    expect(images.map((image) => [image.width, image.height])).toEqual(images.map(() => [width, height]));
    expect([...(images[0]?.data.subarray(0, 9) ?? [])]).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
    expect([...(images[1]?.data.subarray(9, 15) ?? [])]).toEqual([255, 255, 255, 0, 0, 0]);
    expect(images[2]).toEqual(images[3]);
    const jpegPixels = (await decodeImage(jpeg.data)).image.data;
    // Decoders of JPEG differ in how they enlarge the colors.
    const differences = [...jpegPixels].map((value, i) => Math.abs(value - (images[2]?.data[i] ?? 0)));
    expect(Math.max(...differences)).toBeLessThanOrEqual(8);
    expect(Buffer.from(images[4]?.data ?? [])).toEqual(Buffer.from(color.data));
  });
});
