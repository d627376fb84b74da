import { mkdirSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { writeByteArray, writeImageTable } from '../../../../test/support/set-tables.js';
import type { SourceItem } from '../../../domain/figure-record.js';
import { publicSetNames, type OpenedImages, type PublicSetName, type SetRequest } from '../../../domain/public-set.js';
import { decodeImage } from '../../../imaging/decode.js';
import { openPublicSet } from './open-set.js';

const all: SetRequest = { split: null, limit: null };

function newFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'set-'));
}

async function openImages(folder: string, name: PublicSetName, request = all): Promise<OpenedImages> {
  const opened = await openPublicSet(folder, name, request);
  if (opened.kind !== 'images') throw new TypeError('Expected a set of images');
  return opened;
}

async function itemsOf({ items }: OpenedImages): Promise<readonly SourceItem[]> {
  const read: SourceItem[] = [];
  for await (const item of items) read.push(item);
  return read;
}

/** What is known of each record: its id, its first label or its caption; of a fault its reason. */
function told(items: readonly SourceItem[]): readonly (readonly string[])[] {
  return items.map((item) => {
    if (item.kind === 'record') return [item.record.id, item.record.labels?.[0] ?? item.record.caption ?? ''];
    return [item.sourceKey, item.kind === 'fault' ? item.message : item.reason];
  });
}

/** Patches of 2 × 2 pixels, whose values are the number of their row. */
async function writePcam(folder: string, labels: readonly number[]): Promise<void> {
  const base = path.join(folder, 'camelyonpatch_level_2_split_test');
  const pixels = Uint8Array.from({ length: labels.length * 12 }, (_, i) => Math.floor(i / 12));
  await writeByteArray(`${base}_x.h5`, 'x', [labels.length, 2, 2, 3], pixels);
  await writeByteArray(`${base}_y.h5`, 'y', [labels.length, 1, 1, 1], Uint8Array.from(labels));
}

describe('a folder that is no such set', () => {
  it.each(publicSetNames)('is refused for %s with what was expected and what was found', async (name) => {
    const folder = newFolder();
    writeFileSync(path.join(folder, 'notes.txt'), 'x');
    await expect(openPublicSet(folder, name, all)).rejects.toThrow(/is no .*: expected .+ but found notes\.txt$/);
    await expect(openPublicSet(newFolder(), name, all)).rejects.toThrow(/but found nothing$/);
    await expect(openPublicSet('/nowhere', name, all)).rejects.toThrow('There is no folder /nowhere');
  });

  it('is refused for a part that the set does not have', async () => {
    await expect(openPublicSet(newFolder(), 'biomedparse-test', { split: 'valid', limit: null })).rejects.toThrow(
      'Expected --split test or train for BiomedParse data but received valid',
    );
    await expect(openPublicSet(newFolder(), 'lc25000', { split: 'test', limit: null })).rejects.toThrow(
      /published whole/,
    );
  });
});

describe('PatchCamelyon', () => {
  it('gives each patch with its label, over more rows than are read at once', async () => {
    const folder = newFolder();
    const labels = Array.from({ length: 150 }, (_, row) => Number(row % 3 === 0));
    await writePcam(folder, labels);
    const opened = await openImages(folder, 'pcam');
    expect(opened).toMatchObject({ split: 'test', total: 150 });
    const items = await itemsOf(opened);
    const names = ['normal lymph node', 'lymph node metastasis'];
    expect(told(items)).toEqual(labels.map((label, row) => [`test-${row}`, names[label]]));
    for (const row of [0, 63, 64, 149]) {
      const item = items[row];
      if (item?.kind !== 'record') throw new TypeError('Expected a record');
      const { image } = await decodeImage(await item.readImage());
      expect([image.width, image.height, ...new Set(image.data)]).toEqual([2, 2, row]);
    }
  });

  it('gives an evenly spread subset', async () => {
    const folder = newFolder();
    await writePcam(
      folder,
      Array.from({ length: 200 }, () => 0),
    );
    const items = await itemsOf(await openImages(folder, 'pcam', { split: 'test', limit: 2 }));
    expect(told(items).map(([id]) => id)).toEqual(['test-99', 'test-199']);
  });

  it('refuses files that are truncated, do not belong together, or are packed', async () => {
    const folder = newFolder();
    await writePcam(folder, [0, 1, 2]);
    expect(told(await itemsOf(await openImages(folder, 'pcam'))).at(2)).toEqual([
      'test-2',
      'Expected a label of 0 or 1 but received 2',
    ]);
    await writeByteArray(
      path.join(folder, 'camelyonpatch_level_2_split_test_y.h5'),
      'y',
      [2, 1, 1, 1],
      Uint8Array.of(0, 1),
    );
    await expect(openImages(folder, 'pcam')).rejects.toThrow(/found x of 3 × 2 × 2 × 3 and y of 2 × 1 × 1 × 1/);
    truncateSync(path.join(folder, 'camelyonpatch_level_2_split_test_x.h5'), 1000);
    await expect(openImages(folder, 'pcam')).rejects.toThrow(
      'camelyonpatch_level_2_split_test_x.h5 cannot be read as HDF5: File has been truncated',
    );
    const packed = newFolder();
    writeFileSync(path.join(packed, 'camelyonpatch_level_2_split_test_x.h5.gz'), '');
    await expect(openImages(packed, 'pcam')).rejects.toThrow(/unpack the \.gz files with gunzip/);
  });

  it('is read from parquet files as well, and a truncated one is refused', async () => {
    const folder = newFolder();
    mkdirSync(path.join(folder, 'data'));
    const images = [0, 1, 2].map((row) => ({ bytes: Uint8Array.of(row), path: `${row}.png` }));
    const column = (data: readonly bigint[]) => [{ name: 'label', data, type: 'INT64' as const }];
    const [first, second] = ['data/test-00000-of-00002.parquet', 'data/test-00001-of-00002.parquet'] as const;
    writeImageTable(path.join(folder, first), images, column([0n, 1n, 1n]));
    writeImageTable(path.join(folder, second), images.slice(0, 1), column([0n]));
    const opened = await openImages(folder, 'pcam');
    expect(opened).toMatchObject({ total: 4, layout: `${first}, ${second}` });
    const items = await itemsOf(opened);
    expect(told(items)).toEqual([
      [`${first}#0`, 'normal lymph node'],
      [`${first}#1`, 'lymph node metastasis'],
      [`${first}#2`, 'lymph node metastasis'],
      [`${second}#0`, 'normal lymph node'],
    ]);
    const third = items[2];
    expect(third?.kind === 'record' ? [...(await third.readImage())] : null).toEqual([2]);
    truncateSync(path.join(folder, second), readFileSync(path.join(folder, second)).length - 20);
    await expect(openImages(folder, 'pcam')).rejects.toThrow(/test-00001-of-00002\.parquet is damaged/);
  });
});

describe('pairs of the BiomedCLIP data pipeline', () => {
  const article = (pmid: string, figures: readonly object[]) =>
    JSON.stringify({ pmid, pmc: '9', location: '/x', figures });
  const figure = (id: string, graphic_ref: string, fig_caption = 'A figure.') => ({
    fig_id: id,
    graphic_ref,
    fig_caption,
  });

  it('are found by the paths that the pipeline wrote on another machine; what cannot be used is a fault', async () => {
    const folder = newFolder();
    const own = path.join(folder, 'pubmed_open_access_files/PMC9');
    mkdirSync(own, { recursive: true });
    writeFileSync(path.join(own, 'a.jpg'), 'bytes');
    const lines = [
      article('1', [figure('f1', '/home/a/_results/data/pubmed_open_access_files/PMC9/a.jpg'), figure('f2', '')]),
      article('', [figure('f1', 'PMC9/b.jpg'), figure('f2', 'PMC9/a.jpg', ' ')]),
      '{"pmid": "2"}',
      '{broken',
    ];
    writeFileSync(path.join(folder, 'pubmed_parsed_data.json'), lines.join('\n'));
    const opened = await openImages(folder, 'pmc-split');
    expect(opened.total).toBe(4);
    const items = await itemsOf(opened);
    expect(told(items).slice(0, 4)).toEqual([
      ['1_f1', 'A figure.'],
      ['1_f2', 'The figure names no image'],
      ['9_f1', 'A figure.'],
      ['9_f2', 'The figure has no caption'],
    ]);
    expect(
      told(items)
        .slice(4)
        .map(([key]) => key),
    ).toEqual(['line 3', 'line 4']);
    expect([opened.groupOf('1_f1'), opened.groupOf('1_f2'), opened.groupOf('9_f1')]).toEqual([
      'article 1',
      'article 1',
      'article 9',
    ]);
    const [found, , absent] = items;
    expect(found?.kind === 'record' ? String(Buffer.from(await found.readImage())) : null).toBe('bytes');
    await expect(absent?.kind === 'record' ? absent.readImage() : null).rejects.toThrow(/cannot be read/);
  });
});
