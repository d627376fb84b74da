import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError } from '../../../domain/errors.js';
import type { SourceItem } from '../../../domain/figure-record.js';
import { licenseOfText } from '../../../domain/license.js';
import { numbered } from '../../../domain/numbered.js';
import { modalityOfConcepts } from '../concept-modality.js';
import { detectImageKind } from '../file-name-kinds.js';
import { readImageFile, sizeOfImage } from '../image-file.js';
import { countRows, csvRows } from '../sets/csv-rows.js';
import { isFile } from '../sets/layout.js';
import { faultItem, faultOf, leftOutItem, recordItem } from '../source-items.js';
import { readTable } from './concept-tables.js';
import { captionColumns, captionTable, findImageFolder, imageFile } from './rocov2-layout.js';

/** Parts of ROCOv2 that lie in a folder as CSV files (Zenodo); none for what is no such set. */
export async function findRocov2(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const split of ['train', 'valid', 'test'])
    if (await isFile(path.join(root, captionTable(split)))) found.push(split);
  return found;
}

export async function countRocov2(root: string, splits: readonly string[]): Promise<number> {
  let count = 0;
  for (const split of splits)
    count += await countRows(path.join(root, captionTable(split)), captionColumns).catch(() => 0);
  return count;
}

/** Figures of ROCOv2 (Rückert et al., Scientific Data 2024), one part after the other. */
export async function* readRocov2(root: string, splits: readonly string[]): AsyncGenerator<SourceItem> {
  for (const split of splits) {
    try {
      yield* readSplit(root, split);
    } catch (error) {
      // A table that is damaged ends its part; the others are read.
      if (!(error instanceof FigseekError)) throw error;
      yield faultOf(captionTable(split), error);
    }
  }
}

interface Tables {
  readonly concepts: readonly ReadonlyMap<string, readonly string[]>[];
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** Image → PMC id, attribution, link, license. */
  readonly rights: ReadonlyMap<string, readonly string[]>;
}

async function* readSplit(root: string, split: string): AsyncGenerator<SourceItem> {
  const folder = await findImageFolder(root, split);
  if (folder === null) {
    const reason = `Expected the images of ${captionTable(split)} in ${split}/ or ${split}_images/; unpack ${split}_images.zip`;
    yield faultItem(captionTable(split), reason, 'BAD_USER_INPUT');
    return;
  }
  const tables = await readTables(root, split);
  const used = new Set<string>();
  for await (const [id = '', caption = ''] of csvRows(path.join(root, captionTable(split)), captionColumns)) {
    const image = imageFile(folder, id);
    used.add(path.basename(image));
    const size = await sizeOfImage(root, image);
    const record = { id, image: id, caption: caption.trim(), ...describe(tables, id) };
    yield recordItem(record, id, { size, readImage: () => readImageFile(root, image) });
  }
  const names = await readdir(path.join(root, folder));
  const unused = names.filter((name) => detectImageKind(name) !== null && !used.has(name)).length;
  if (unused > 0) yield leftOutItem(folder, `${numbered(unused, 'image')} that ${captionTable(split)} does not name`);
}

async function readTables(root: string, split: string): Promise<Tables> {
  const concepts = [`${split}_concepts.csv`, `${split}_concepts_manual.csv`];
  return {
    concepts: await Promise.all(concepts.map((name) => readTable(root, name, ['ID', 'CUIs']))),
    names: await readTable(root, 'cui_mapping.csv', ['CUI'], ['Canonical name']),
    rights: await readTable(root, 'license_information.csv', ['ID'], ['PMCID', 'Attribution', 'Link', 'License']),
  };
}

function describe({ concepts, names, rights }: Tables, id: string): Readonly<Record<string, unknown>> {
  const codes = [...new Set(concepts.flatMap((table) => listOf(table.get(id)?.[0])))];
  const labels = codes.map((code) => names.get(code)?.[0]?.trim() || code);
  const [pmc = '', attribution = '', link = '', licensed = ''] = (rights.get(id) ?? []).map((text) => text.trim());
  const words = licensed === '' ? attribution : licensed;
  const license = words === '' ? null : licenseOfText(words);
  const pmcid = /PMC\d+/.exec(`${pmc} ${link} ${attribution}`)?.[0] ?? null;
  const doi = /10\.\d{4,9}\/[^\s?#]+/.exec(link)?.[0] ?? null;
  const title = pmcid ?? doi;
  const given = { license, licenseText: words === '' ? null : words };
  const url = link === '' ? null : link;
  const credit = attribution === '' ? null : attribution;
  const article = title === null ? given : { article: { title, pmcid, doi, url, ...given } };
  return { labels, modality: modalityOfConcepts(codes), credit, ...article };
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
