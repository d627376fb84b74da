import { beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { drawnArticle, drawnFigure } from '../../../test/support/drawn-figures.js';
import { drawnMask, maskRecord } from '../../../test/support/drawn-masks.js';
import { MemoryBlobStore } from '../../../test/support/memory-blob-store.js';
import { MemoryCorpus } from '../../../test/support/memory-corpus.js';
import { zipEntries } from '../../../test/support/zip-entries.js';
import { recordSchema } from '../../domain/figure-record.js';
import { figureIdOf, imageHashOf, panelIdOf } from '../../domain/ids.js';
import { localOperator } from '../../domain/viewer.js';
import { decodeRunLength, type RunLength } from '../../imaging/masks/run-length.js';
import { CollectionExport } from './collection-export.js';

const id = (number: number) => figureIdOf(`figure-${number}`);
const article = drawnArticle('one', {
  ...{ title: 'Cells', authors: ['Jane Doe'], year: 2024, doi: '10.1/x', license: 'CC-BY-4.0', journal: 'eLife' },
});
const png = (number: number) => Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 0, number]);

describe('the export of a collection', () => {
  let corpus: MemoryCorpus;
  let blobs: MemoryBlobStore;
  let exports: CollectionExport;
  let collection: string;

  /** Figures 1 to 3; 1 and 2 are of one article, and the image file of 3 is missing. */
  beforeEach(async () => {
    corpus = new MemoryCorpus();
    blobs = new MemoryBlobStore();
    exports = new CollectionExport({ ...stores(), blobs });
    for (const number of [1, 2, 3]) {
      const drawn = drawnFigure(number);
      const imageHash = number === 3 ? drawn.figure.imageHash : await blobs.put(png(number));
      const own = number === 3 ? null : article;
      const part = { id: panelIdOf(id(number), 1), figureId: id(number), label: 'B', caption: 'part' };
      const size = { width: 6, height: 5 };
      await corpus.writer.replace([
        {
          ...{ ...drawn, article: own },
          figure: {
            ...drawn.figure,
            ...size,
            imageHash,
            articleId: own?.id ?? null,
            sourceKey: `../x/${number} é.png`,
          },
          panels: [
            ...drawn.panels.map((panel) => ({ ...panel, box: { x: 0, y: 0, ...size } })),
            { ...part, box: { x: 2, y: 1, width: 4, height: 4 } },
          ],
        },
      ]);
    }
    ({ id: collection } = await corpus.collections.create('Smears: “A/B”', 'of blood'));
    await corpus.collections.add(collection, [id(2), id(1), id(3)], null);
    await corpus.curation.annotate(collection, id(1), { note: '=HYPERLINK("x")', tags: ['a', 'b'] });
    await corpus.curation.rate(collection, id(1), 'RELEVANT');
  });

  function stores() {
    const { collections, figures, articles, masks } = corpus;
    return { collections, figures, articles, masks };
  }

  async function read(format: string): Promise<Buffer> {
    const { chunks } = await exports.open(localOperator, collection, format);
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(Buffer.from(chunk));
    return Buffer.concat(parts);
  }
  const text = async (format: string) => (await read(format)).toString('utf8');

  it('has a safe name, and the type of its format', async () => {
    const named = await exports.open(localOperator, collection, 'csv');
    expect(named).toMatchObject({ name: 'Smears-A-B.csv', mediaType: 'text/csv; charset=utf-8' });
    const { id: other } = await corpus.collections.create('血液', null);
    expect((await exports.open(localOperator, other, 'zip')).name).toBe('collection.zip');
  });

  it('refuses another format, and a collection that does not exist', async () => {
    await expect(exports.open(localOperator, collection, 'pdf')).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('jsonl, csv, coco, bibtex, ris, csl-json, zip'),
    });
    await expect(exports.open(localOperator, 'col_none', 'csv')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('as JSON lines holds records that an ingest takes, with what the collection says', async () => {
    const records = (await text('jsonl'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(records).toHaveLength(3);
    expect(records[1]).toMatchObject({
      ...{ id: id(1), image: 'images/00002-1-e.png', caption: 'caption 1', sourceKey: '../x/1 é.png' },
      ...{ note: '=HYPERLINK("x")', tags: ['a', 'b'], rating: 'RELEVANT', article: { title: 'Cells' } },
      panels: [{ label: 'B', caption: 'part', box: { x: 2, y: 1, width: 4, height: 4 } }],
      attribution: expect.stringContaining('CC-BY-4.0'),
    });
    for (const record of records.slice(0, 2)) expect(recordSchema.safeParse(record).success).toBe(true);
    expect(records[2]).toMatchObject({ id: id(3), image: null });
  });

  it('as CSV is a table whose cells no spreadsheet runs', async () => {
    const rows: Record<string, string>[] = parse(await text('csv'), { columns: true, bom: true });
    expect(rows.map(({ figureId }) => figureId)).toEqual([id(2), id(1), id(3)]);
    expect(rows[1]).toMatchObject({
      note: `'=HYPERLINK("x")`,
      tags: 'a; b',
      rating: 'RELEVANT',
      doi: '10.1/x',
      year: '2024',
    });
    expect(rows[2]).toMatchObject({ image: '', articleTitle: '', license: '' });
  });

  it('as COCO places each mask on the whole image', async () => {
    const imageHash = imageHashOf(png(1));
    const box = { x: 2, y: 1, width: 4, height: 4 };
    const boxes = [{ x: 3, y: 2, width: 2, height: 2 }];
    await corpus.masks.saveDrawn(maskRecord('nucleus', { imageHash, box }), { ...drawnMask, boxes });
    await corpus.masks.saveDrawn(maskRecord('nothing', { imageHash, box }), { ...drawnMask, areaPixels: 0, boxes: [] });
    const document = JSON.parse(await text('coco')) as {
      readonly images: readonly object[];
      readonly annotations: readonly { readonly segmentation: RunLength }[];
    };
    expect(document).toMatchObject({
      images: [
        { id: 1, file_name: 'images/00001-2-e.png', width: 6, height: 5, license: 1 },
        { id: 2, file_name: 'images/00002-1-e.png', figure_id: id(1) },
        { id: 3, file_name: id(3) },
      ],
      annotations: [
        { id: 1, image_id: 2, category_id: 1, area: 4, bbox: [3, 2, 2, 2], iscrowd: 0, attributes: { model: 'fake' } },
      ],
      categories: [{ id: 1, name: 'nucleus' }],
      licenses: [{ id: 1, name: 'CC-BY-4.0' }],
    });
    const mask = decodeRunLength(document.annotations[0]?.segmentation ?? { size: [0, 0], counts: '' });
    const inside = [...mask.data].flatMap((value, at) => (value === 1 ? [[at % 6, Math.floor(at / 6)]] : []));
    expect(inside).toEqual([
      [3, 2],
      [4, 2],
      [3, 3],
      [4, 3],
    ]);
  });

  it('as a bibliography names each article once', async () => {
    expect((await text('bibtex')).match(/^@article\{doe2024cells,$/gm)).toHaveLength(1);
    expect((await text('ris')).match(/^TY {2}- JOUR/gm)).toHaveLength(1);
    expect(JSON.parse(await text('csl-json'))).toMatchObject([{ id: 'doe2024cells', DOI: '10.1/x' }]);
  });

  it('of nothing is an empty file of its format', async () => {
    await corpus.collections.remove(collection, [id(1), id(2), id(3)]);
    expect(await text('jsonl')).toBe('');
    expect(JSON.parse(await text('csl-json'))).toEqual([]);
    expect(JSON.parse(await text('coco'))).toMatchObject({ images: [], annotations: [], categories: [], licenses: [] });
    expect([...(await zipEntries(await read('zip'))).keys()]).toEqual(['ATTRIBUTION.txt', 'figures.jsonl']);
  });

  it('as an archive holds the images, their records and whom they are to be attributed to', async () => {
    const entries = await zipEntries(await read('zip'));
    expect([...entries.keys()]).toEqual([
      ...['ATTRIBUTION.txt', 'figures.jsonl', 'images/00001-2-e.png', 'images/00002-1-e.png'],
    ]);
    expect(Uint8Array.from(entries.get('images/00002-1-e.png') ?? [])).toEqual(png(1));
    expect(entries.get('figures.jsonl')?.toString()).toBe(await text('jsonl'));
    const attribution = entries.get('ATTRIBUTION.txt')?.toString() ?? '';
    expect(attribution).toContain('images/00002-1-e.png\n“Cells”, Jane Doe, eLife, 2024, 10.1/x, CC-BY-4.0\n');
    expect(attribution).toContain(`${id(3)} (its image file is missing)\nlicense unknown`);
  });

  it('as an archive ends with an error where an image cannot be read', async () => {
    blobs.get = () => Promise.reject(new Error('unreadable'));
    await expect(read('zip')).rejects.toThrow('unreadable');
  });

  it('goes through large collections in parts', async () => {
    const many = Array.from({ length: 450 }, (_, number) => drawnFigure(number + 10));
    await corpus.writer.replace(many);
    await corpus.collections.add(
      collection,
      many.map(({ figure }) => figure.id),
      null,
    );
    expect((await text('jsonl')).trim().split('\n')).toHaveLength(453);
  });
});
