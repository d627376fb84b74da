import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSource } from '../../src/adapters/sources/open-source.js';
import { PmcReader } from '../../src/adapters/sources/pmc/pmc-reader.js';
import { parsePmcSource } from '../../src/adapters/sources/pmc/pmc-id.js';
import { PmcSource } from '../../src/adapters/sources/pmc/pmc-source.js';
import { recordItem } from '../../src/adapters/sources/source-items.js';
import type { SourceItem } from '../../src/domain/figure-record.js';
import type { FigureSource } from '../../src/ports/figure-source.js';
import { packageOf } from '../support/archives.js';
import { drawImage, words } from '../support/dicom-file.js';
import { MemoryBlobStore } from '../support/memory-blob-store.js';
import { MemoryFigureSource } from '../support/memory-figure-source.js';
import { articlePdf } from '../support/pdf-articles.js';
import { drawArticle, writeMirror } from '../support/pmc-articles.js';
import { PmcServer } from '../support/pmc-server.js';
import { put } from '../support/public-set-folders.js';
import { makeImage } from '../support/source-ingest.js';
import { tableBytes } from '../support/table-sets.js';

const captions = { 'a.png': 'A kidney', 'b.png': 'A liver' };
const newFolder = (): string => mkdtempSync(path.join(tmpdir(), 'figure-source-'));

let images: readonly [Buffer, Buffer];
let server: PmcServer;
let open: readonly PmcReader[] = [];

beforeAll(async () => {
  images = [await makeImage(1), await makeImage(2)];
  server = await PmcServer.start();
  server.add(await drawArticle('PMC1.1', { captions }));
});
afterAll(async () => {
  for (const reader of open) await reader.close();
  await server.close();
});

function writeImages(folder: string): void {
  for (const [number, image] of images.entries()) {
    put(folder, `${'ab'[number] ?? ''}.png`, image);
  }
}

function openPmc(): FigureSource {
  const { FIGSEEK_PMC_URL: pmcUrl = '', FIGSEEK_EUROPEPMC_URL: europepmcUrl = '' } = server.settings(200);
  const reader = new PmcReader({
    ...{ pmcUrl, europepmcUrl, requestsPerSecond: 200, stallMs: 5000, folder: newFolder() },
    ...{ blobs: new MemoryBlobStore(), screening: null, signal: new AbortController().signal },
    note: () => undefined,
  });
  open = [...open, reader];
  return new PmcSource(() => reader.itemsOf([parsePmcSource('pmc:PMC1')]));
}

/** Writes two figures in a form, and opens what was written. */
const forms: Readonly<Record<string, (folder: string) => Promise<FigureSource> | FigureSource>> = {
  memory: () =>
    new MemoryFigureSource(
      images.map((image, number) => {
        const readImage = () => Promise.resolve(image);
        return recordItem({ id: `${number}`, image: 'x.png' }, `${number}`, { size: image.length, readImage });
      }),
    ),
  jsonl(folder) {
    writeImages(folder);
    const lines = Object.entries(captions).map(([image, caption]) => JSON.stringify({ id: image, image, caption }));
    return openSource(put(folder, 'figures.jsonl', lines.join('\n')), { format: 'jsonl' });
  },
  folder(folder) {
    writeImages(folder);
    return openSource(folder, { format: 'folder' });
  },
  async jats(folder) {
    writeMirror(folder, [await drawArticle('PMC1.1', { captions })]);
    return openSource(folder, { format: 'jats' });
  },
  async webdataset(folder) {
    const [first, second] = images;
    const shard = await packageOf([
      ['0.png', first],
      ['0.txt', 'A kidney'],
      ['1.png', second],
      ['1.txt', 'A liver'],
    ]);
    return openSource(put(folder, 'shard.tar', shard), { format: 'webdataset' });
  },
  roco(folder) {
    images.forEach((image, number) => put(folder, `images/ROCO_${number}.jpg`, image));
    put(folder, 'captions.txt', 'ROCO_0\tA kidney\nROCO_1\tA liver\n');
    put(folder, 'licences.txt', 'ROCO_ID,PMC_ID,CC\nROCO_0,PMC1_a.jpg,CC BY\nROCO_1,PMC1_b.jpg,CC BY\n');
    return openSource(folder, { format: 'roco' });
  },
  parquet(folder) {
    const table = tableBytes([
      { name: 'image', kind: 'image', data: images.map((bytes, number) => ({ bytes, path: `${number}.png` })) },
      { name: 'caption', kind: 'text', data: Object.values(captions) },
    ]);
    return openSource(put(folder, 'figures.parquet', table), { format: 'parquet' });
  },
  dicom(folder) {
    ['1.2.3.1', '1.2.3.2'].forEach((id, number) =>
      put(folder, `${number}.dcm`, drawImage({ '0008,0018': id, '7fe0,0010': words(number, 770) })),
    );
    return openSource(folder, { format: 'dicom' });
  },
  pdf: (folder) => openSource(put(folder, 'article.pdf', articlePdf()), { format: 'pdf' }),
  'PubMed Central': openPmc,
};

async function itemsOf(source: FigureSource): Promise<readonly SourceItem[]> {
  const items: SourceItem[] = [];
  for await (const item of source.read()) items.push(item);
  return items;
}

describe.each(Object.entries(forms))('a source of figures: %s', (_name, write) => {
  let source: FigureSource;
  let items: readonly SourceItem[];
  let records: readonly Extract<SourceItem, { kind: 'record' }>[];

  beforeAll(async () => {
    source = await write(newFolder());
    items = await itemsOf(source);
    records = items.flatMap((item) => (item.kind === 'record' ? [item] : []));
  });

  it('gives two figures or more, each with an id of its own and the bytes of its image', async () => {
    expect(records.length).toBeGreaterThanOrEqual(2);
    expect(new Set(records.map(({ record }) => record.id)).size).toBe(records.length);
    for (const { readImage, size } of records) {
      const bytes = await readImage();
      expect(bytes.length).toBeGreaterThan(0);
      // 0 says that the size is not known before the image is read.
      if (size > 0) expect(size).toBe(bytes.length);
    }
  });

  it('says why it did not take something', () => {
    for (const item of items) {
      if (item.kind === 'fault') expect(`${item.code} ${item.message}`).toMatch(/^[A-Z_]+ ./);
      if (item.kind === 'left-out') expect(item.reason).not.toBe('');
    }
  });

  it('counts its records, or says that it does not know', async () => {
    const count = await source.count();
    if (count !== null) expect(count).toBeGreaterThan(0);
  });

  it('gives the same again, also after a reader that stopped at the first item', async () => {
    for await (const item of source.read()) {
      expect(item).toMatchObject({ kind: items[0]?.kind });
      break;
    }
    const plain = (all: readonly SourceItem[]) => JSON.parse(JSON.stringify(all)) as unknown;
    expect(plain(await itemsOf(source))).toEqual(plain(items));
  });

  it('names what it is read from and itself', () => {
    expect([source.input, source.title]).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
  });
});

it('is tried with every form that a source has a folder for', () => {
  const folder = new URL('../../../src/adapters/sources/', import.meta.url);
  const written = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const known: Readonly<Record<string, string>> = { records: 'jsonl', 'image-folder': 'folder', pmc: 'PubMed Central' };
  // `sets` has the labeled sets that are measured and not taken in.
  const names = written.map(({ name }) => known[name] ?? name).filter((name) => name !== 'sets');
  expect(Object.keys(forms)).toEqual(expect.arrayContaining(names));
});
