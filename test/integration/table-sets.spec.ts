import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { openSource } from '../../src/adapters/sources/open-source.js';
import type { SourceItem } from '../../src/domain/figure-record.js';
import { newPlace } from '../support/figseek-process.js';
import { put } from '../support/public-set-folders.js';
import { ingestSource, makeImage } from '../support/source-ingest.js';
import { writeTable } from '../support/table-sets.js';

const newFolder = (): string => mkdtempSync(path.join(tmpdir(), 'tables-'));

async function itemsOf(source: string, format: 'auto' | 'roco' | 'parquet' = 'auto'): Promise<readonly SourceItem[]> {
  const items: SourceItem[] = [];
  for await (const item of (await openSource(source, { format })).read()) items.push(item);
  return items;
}

const recordsOf = (items: readonly SourceItem[]) =>
  items.flatMap((item) => (item.kind === 'record' ? [item.record] : []));

describe('sets that are published as tables', () => {
  let one: Buffer;
  let two: Buffer;
  let three: Buffer;

  beforeAll(async () => {
    [one, two, three] = (await Promise.all([11, 12, 13].map(makeImage))) as [Buffer, Buffer, Buffer];
  });

  it('ROCO: captions, keywords, concepts, license and article from its text files', async () => {
    const folder = newFolder();
    const part = (kind: string, name: string, content: string | Buffer) =>
      put(folder, `data/validation/${kind}/${name}`, content);
    part(
      'radiology',
      'captions.txt',
      'ROCO_00020\t CT scan of the pelvis.\nROCO_00027\t A radiograph.\nROCO_00059\t Absent.\n',
    );
    part('radiology', 'keywords.txt', 'ROCO_00020\t\tpelvi\tscan\n');
    part('radiology', 'cuis.txt', 'ROCO_00020\t\tC0040405\tC0030797\n');
    part('radiology', 'semtypes.txt', 'ROCO_00020\t\tT060\tDiagnostic Procedure\n');
    part('radiology', 'licences.txt', 'ROCO_ID,PMC_ID,CC\nROCO_00020,PMC3970251_CRIONM.003.jpg,CC BY\n');
    part('radiology', 'dlinks.txt', 'ROCO_00027\twget -r ftp://x/PMC2766744.tar.gz -P /path\tcios-g005.jpg\n');
    part('radiology', 'images/ROCO_00020.jpg', one);
    part('radiology', 'images/PMC2766744_cios-g005.jpg', two);
    part('radiology', 'images/other.jpg', three);
    part('non-radiology', 'captions.txt', 'ROCO_81827\t Microscopy of enamel.\n');
    part('non-radiology', 'licences.txt', 'ROCO_ID,PMC_ID,CC\nROCO_81827,PMC4327453_gf05.jpg,CC BY-NC\n');
    part('non-radiology', 'images/ROCO_81827.jpg', three);
    const place = newPlace();
    expect(await ingestSource(place, folder)).toMatchObject({ added: 3, rejected: 1 });
    const items = await itemsOf(folder);
    expect(recordsOf(items)).toMatchObject([
      {
        ...{ id: 'ROCO_00020', caption: 'CT scan of the pelvis.', modality: 'radiology' },
        labels: ['C0040405', 'C0030797', 'pelvi', 'scan'],
        article: { pmcid: 'PMC3970251', license: 'CC-BY', licenseText: 'CC BY' },
      },
      { id: 'ROCO_00027', labels: [], article: { pmcid: 'PMC2766744', license: null } },
      { id: 'ROCO_00059', modality: 'radiology' },
      { id: 'ROCO_81827', modality: null, article: { license: 'CC-BY-NC' } },
    ]);
    const leftOut = items.filter(({ kind }) => kind === 'left-out');
    expect(leftOut).toMatchObject([{ reason: '1 image that captions.txt does not name' }]);
  });

  it('ROCO: a line that cannot be read is a fault, in each of its tables', async () => {
    const folder = newFolder();
    const latin = Buffer.from('ROCO_1\tR\u00f6ntgen\n', 'latin1');
    put(folder, 'captions.txt', Buffer.concat([Buffer.from('\nROCO_1\tA radiograph.\n'), latin]));
    put(folder, 'keywords.txt', latin);
    put(folder, 'licences.txt', 'ROCO_ID,PMC_ID,CC\n');
    put(folder, 'images/ROCO_1.jpg', one);
    const items = await itemsOf(folder, 'roco');
    expect(items.flatMap((item) => (item.kind === 'fault' ? [item.sourceKey] : []))).toEqual([
      'keywords.txt line 1',
      'captions.txt line 3',
    ]);
    expect(recordsOf(items)).toMatchObject([{ id: 'ROCO_1', caption: 'A radiograph.' }]);
  });

  it('ROCOv2: captions, concepts by their names, license and article from its CSV files', async () => {
    const folder = newFolder();
    put(folder, 'valid_captions.csv', 'ID,Caption\nROCOv2_valid_1,"CT, of the chest"\nROCOv2_valid_2,A radiograph\n');
    put(folder, 'valid_concepts.csv', 'ID,CUIs\nROCOv2_valid_1,C0040405;C0817096\nROCOv2_valid_2,C1306645\n');
    put(folder, 'valid_concepts_manual.csv', 'ID,CUIs\nROCOv2_valid_1,C0040405\n');
    put(folder, 'cui_mapping.csv', 'CUI,Canonical name\nC0040405,X-Ray Computed Tomography\n');
    const link = 'https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1234567/';
    put(folder, 'license_information.csv', `ID,Attribution,Link\nROCOv2_valid_1,CC BY [Doe et al. (2020)],${link}\n`);
    put(folder, 'valid/ROCOv2_valid_1.jpg', one);
    put(folder, 'valid/ROCOv2_valid_2.jpg', two);
    put(folder, 'test_captions.csv', 'ID,Caption\nROCOv2_test_1,Without images\n');
    expect(await ingestSource(newPlace(), folder)).toMatchObject({ added: 2, rejected: 1 });
    const items = await itemsOf(folder, 'roco');
    expect(recordsOf(items)).toMatchObject([
      {
        ...{ id: 'ROCOv2_valid_1', caption: 'CT, of the chest', modality: 'ct' },
        labels: ['X-Ray Computed Tomography', 'C0817096'],
        ...{ credit: 'CC BY [Doe et al. (2020)]', article: { pmcid: 'PMC1234567', license: 'CC-BY', url: link } },
      },
      { id: 'ROCOv2_valid_2', labels: ['C1306645'], modality: 'x-ray', license: null },
    ]);
    expect(items).toContainEqual(
      expect.objectContaining({ kind: 'fault', message: expect.stringMatching(/unpack test_images\.zip/) }),
    );
  });

  it('parquet with images as Hugging Face keeps them: ROCOv2, row group by row group', async () => {
    const folder = newFolder();
    put(folder, 'data/README.md', 'text');
    writeTable(path.join(folder, 'data', 'validation-00000-of-00001.parquet'), [
      { name: 'image', kind: 'image', data: [one, two, three].map((bytes, i) => ({ bytes, path: `${i}.jpg` })) },
      { name: 'image_id', kind: 'text', data: ['v1', 'v2', 'v3'] },
      { name: 'caption', kind: 'text', data: ['CT.', 'MRI.', null] },
      { name: 'cui', kind: 'texts', data: [['C0040405'], ['C0024485', 'C0006104'], []] },
    ]);
    const place = newPlace();
    expect(await ingestSource(place, folder)).toMatchObject({ added: 3, rejected: 0 });
    expect(await ingestSource(place, folder)).toMatchObject({ added: 0, unchanged: 3 });
    expect(recordsOf(await itemsOf(folder))).toMatchObject([
      { id: 'v1', caption: 'CT.', modality: 'ct' },
      { id: 'v2', labels: ['C0024485', 'C0006104'], modality: 'mri' },
      { id: 'v3', caption: null },
    ]);
  });

  it('parquet with bytes in a column, failed downloads and metadata of BIOMEDICA and img2dataset', async () => {
    const file = path.join(newFolder(), '00000.parquet');
    writeTable(file, [
      { name: 'jpg', kind: 'bytes', data: [one, null, two] },
      { name: '__key__', kind: 'text', data: ['000', '001', '002'] },
      { name: 'status', kind: 'text', data: ['success', 'failed_to_download', 'success'] },
      { name: 'error_message', kind: 'text', data: [null, 'HTTP 404', null] },
      { name: 'txt', kind: 'text', data: ['A blot.', 'Lost.', 'A liver.'] },
      {
        ...{ name: 'json', kind: 'text' },
        data: [
          JSON.stringify({
            ...{
              article_accession_id: 'PMC5',
              article_title: 'On blots',
              article_date: '2019 Mar 2',
              caption: 'worse',
            },
            ...{
              image_primary_label: ['Assays'],
              image_context: { a: ['See the blot.'] },
              article_license: 'CC BY-NC',
            },
          }),
          null,
          'no JSON',
        ],
      },
    ]);
    const items = await itemsOf(file);
    expect(recordsOf(items)).toMatchObject([
      {
        ...{ id: '000', caption: 'worse', labels: ['Assays'], mentions: ['See the blot.'] },
        article: { pmcid: 'PMC5', title: 'On blots', year: 2019, license: 'CC-BY-NC' },
      },
      { id: '002', caption: 'A liver.' },
    ]);
    expect(items[1]).toMatchObject({ kind: 'fault', sourceKey: '001', message: 'It was not downloaded: HTTP 404' });
  });

  it('parquet with paths: images lie beside it, and those that no row names are told', async () => {
    const folder = newFolder();
    put(folder, 'images/a.jpg', one);
    put(folder, 'images/unnamed.jpg', two);
    writeTable(path.join(folder, 'metadata.parquet'), [
      { name: 'file_name', kind: 'text', data: ['images/a.jpg', '../outside.jpg'] },
      { name: 'text', kind: 'text', data: ['A kidney.', 'Elsewhere.'] },
      { name: 'License', kind: 'text', data: ['https://creativecommons.org/licenses/by/2.0/', null] },
    ]);
    const report = await ingestSource(newPlace(), folder);
    expect(report).toMatchObject({ added: 1, rejected: 1 });
    expect(report.faults[0]?.message).toMatch(/cannot be read|outside/);
    const items = await itemsOf(folder);
    expect(recordsOf(items)[0]).toMatchObject({ id: 'metadata.parquet#0', caption: 'A kidney.', license: 'CC-BY-2.0' });
    expect(items.at(-1)).toMatchObject({ reason: '1 image file that no row of the parquet files names' });
  });

  it('parquet with paths as Windows and macOS write them, and out of its own folder within that of the source', async () => {
    const folder = newFolder();
    put(folder, 'images/Zu\u0308rich.png', one);
    put(folder, 'images/b.png', two);
    mkdirSync(path.join(folder, 'tables'));
    writeTable(path.join(folder, 'tables', 'a.parquet'), [
      { name: 'path', kind: 'text', data: ['../images/Z\u00fcrich.png', '..\\images\\b.png', '../../c.png'] },
    ]);
    expect(await ingestSource(newPlace(), folder)).toMatchObject({ added: 2, rejected: 1 });
    expect((await itemsOf(folder)).filter(({ kind }) => kind === 'left-out')).toEqual([]);
  });

  it('refuses a parquet file without images and names its columns, and tells of a damaged row group alone', async () => {
    const folder = newFolder();
    const file = path.join(folder, 'a.parquet');
    writeTable(file, [{ name: 'label', kind: 'number', data: [1n, 2n] }]);
    await expect(openSource(file, { format: 'auto' })).rejects.toThrow(
      /expected a column of images .* but found label/,
    );
    const noParquet = path.join(folder, 'b.parquet');
    writeFileSync(noParquet, 'PAR1 and no more');
    await expect(openSource(noParquet, { format: 'auto' })).rejects.toThrow(/b\.parquet is damaged or no parquet file/);
    const good = path.join(folder, 'c.parquet');
    writeTable(good, [
      { name: 'image', kind: 'bytes', data: [one, two, three] },
      { name: 'id', kind: 'text', data: ['x1', 'x2', 'x3'] },
    ]);
    const bytes = readFileSync(good);
    // The header of the first page becomes nonsense.
    bytes.fill(0xff, 4, 24);
    writeFileSync(good, bytes);
    const items = await itemsOf(good);
    expect(items.map(({ kind }) => kind)).toEqual(['fault', 'record']);
    expect(items[0]).toMatchObject({ message: expect.stringMatching(/^The rows 0 to 1 are lost: /) });
  });
});
