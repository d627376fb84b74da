import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError } from '../../../domain/errors.js';
import type { SourceItem } from '../../../domain/figure-record.js';
import { licenseOfWords } from '../../../domain/license.js';
import { numbered } from '../../../domain/numbered.js';
import { detectImageKind } from '../file-name-kinds.js';
import { readImageFile, sizeOfImage } from '../image-file.js';
import { isFile } from '../sets/layout.js';
import { faultItem, faultOf, leftOutItem, recordItem } from '../source-items.js';
import { readTable, readTabbed, tabbedLines } from './concept-tables.js';

const kinds = ['radiology', 'non-radiology'];
const splits = ['train', 'validation', 'test'];

/** Where the tables lie: in the folder itself, or in one of its parts, as `data/train/radiology`. */
const places: readonly string[] = [
  '',
  ...kinds,
  ...splits.flatMap((split) => kinds.map((kind) => `${split}/${kind}`)),
  ...splits.flatMap((split) => kinds.map((kind) => `data/${split}/${kind}`)),
];

/** Folders of a ROCO set (Pelka et al., LABELS 2018), relative to its root; none for what is no such set. */
export async function findRoco(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const place of places) {
    const has = (name: string) => isFile(path.join(root, place, name));
    if ((await has('captions.txt')) && ((await has('licences.txt')) || (await has('dlinks.txt')))) found.push(place);
  }
  return found;
}

/** Figures of ROCO, one folder after the other; its tables are held in memory, its images are not. */
export async function* readRoco(root: string, folders: readonly string[]): AsyncGenerator<SourceItem> {
  for (const folder of folders) yield* readFolder(root, folder);
}

/** Number of captions. */
export async function countRoco(root: string, folders: readonly string[]): Promise<number> {
  let count = 0;
  for (const folder of folders) for await (const _ of tabbedLines(path.join(root, folder, 'captions.txt'))) count++;
  return count;
}

interface Tables {
  readonly place: string;
  readonly modality: string | null;
  readonly keywords: ReadonlyMap<string, readonly string[]>;
  readonly concepts: ReadonlyMap<string, readonly string[]>;
  /** ROCO id → `PMC…_file`, license. */
  readonly licenses: ReadonlyMap<string, readonly string[]>;
  /** ROCO id → the command that fetched its package, file. */
  readonly links: ReadonlyMap<string, readonly string[]>;
  /** A fault for each line that cannot be read. */
  readonly faults: readonly SourceItem[];
}

async function* readFolder(root: string, folder: string): AsyncGenerator<SourceItem> {
  const place = path.join(root, folder);
  const tables = await readTables(root, folder).catch((error: unknown) => {
    if (error instanceof FigseekError) return error;
    throw error;
  });
  if (tables instanceof FigseekError) {
    yield faultOf(folder === '' ? '.' : folder, tables);
    return;
  }
  yield* tables.faults;
  const used = new Set<string>();
  for await (const { line, values } of tabbedLines(path.join(place, 'captions.txt'))) {
    if (values === null) yield lineFault(folder, 'captions.txt', line);
    else yield toItem(tables, values[0], values[1].join(' '), used);
  }
  const names = await readdir(path.join(place, 'images')).catch(() => []);
  const unused = names.filter((name) => detectImageKind(name) !== null && !used.has(name)).length;
  if (unused > 0)
    yield leftOutItem(
      path.posix.join(folder, 'images'),
      `${numbered(unused, 'image')} that captions.txt does not name`,
    );
}

async function readTables(root: string, folder: string): Promise<Tables> {
  const place = path.join(root, folder);
  const faults: SourceItem[] = [];
  const tabbed = (name: string) => readTabbed(place, name, (line) => faults.push(lineFault(folder, name, line)));
  return {
    place,
    modality: path.basename(path.resolve(place)) === 'radiology' ? 'radiology' : null,
    keywords: await tabbed('keywords.txt'),
    concepts: await tabbed('cuis.txt'),
    licenses: await readTable(place, 'licences.txt', ['ROCO_ID', 'PMC_ID', 'CC']),
    links: await tabbed('dlinks.txt'),
    faults,
  };
}

function lineFault(folder: string, name: string, line: number): SourceItem {
  return faultItem(`${path.posix.join(folder, name)} line ${line}`, 'The line is no UTF-8, or longer than 1 MB');
}

async function toItem(tables: Tables, id: string, caption: string, used: Set<string>): Promise<SourceItem> {
  const [named = '', words = ''] = tables.licenses.get(id) ?? [];
  const [command = '', file = ''] = tables.links.get(id) ?? [];
  const pmcid = /PMC\d+/.exec(named)?.[0] ?? /PMC\d+/.exec(command)?.[0] ?? null;
  const former = named !== '' ? named : `${pmcid ?? ''}_${file}`;
  const image = await findImage(tables.place, [`${id}.jpg`, former]);
  used.add(path.basename(image));
  const rights = { license: words === '' ? null : licenseOfWords(words), licenseText: words === '' ? null : words };
  const record = {
    ...{ id, image: id, caption, modality: tables.modality },
    labels: [...(tables.concepts.get(id) ?? []), ...(tables.keywords.get(id) ?? [])],
    ...(pmcid === null ? rights : { article: { title: pmcid, pmcid, ...rights } }),
  };
  const size = await sizeOfImage(tables.place, image);
  return recordItem(record, id, { size, readImage: () => readImageFile(tables.place, image) });
}

/** The script of the set names images by their ids; its first version named them by their articles. */
async function findImage(place: string, names: readonly [string, string]): Promise<string> {
  for (const name of names) if ((await sizeOfImage(place, `images/${name}`)) > 0) return `images/${name}`;
  return `images/${names[0]}`;
}
