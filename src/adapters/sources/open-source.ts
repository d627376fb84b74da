import { stat } from 'node:fs/promises';
import { FigseekError } from '../../domain/errors.js';
import type { FigureSource } from '../../ports/figure-source.js';
import { dicomKind } from './dicom/dicom-kind.js';
import { FileSource } from './file-source.js';
import { imageFolderKind } from './image-folder/image-folder-kind.js';
import { articleKind } from './jats/article-kind.js';
import { figureScreen, takeAllFigures, type FigureScreening } from './jats/figure-screen.js';
import { parquetKind } from './parquet/parquet-kind.js';
import { pdfKind } from './pdf/pdf-kind.js';
import { recordsKind, recordsKindOf } from './records/records-kind.js';
import { rocoKind } from './roco/roco-kind.js';
import type { SourceFile, SourceKind } from './source-kind.js';
import { webdatasetKind } from './webdataset/webdataset-kind.js';

export const sourceFormats = [
  'auto',
  'jsonl',
  'folder',
  'jats',
  'dicom',
  'medicat',
  'pmc-oa',
  'biomedclip-pipeline',
  'webdataset',
  'roco',
  'parquet',
  'pdf',
] as const;

export type SourceFormat = (typeof sourceFormats)[number];
type NamedFormat = Exclude<SourceFormat, 'auto'>;

const kinds: Readonly<Record<NamedFormat, SourceKind>> = {
  jats: articleKind,
  webdataset: webdatasetKind,
  roco: rocoKind,
  parquet: parquetKind,
  dicom: dicomKind,
  pdf: pdfKind,
  folder: imageFolderKind,
  jsonl: recordsKindOf('jsonl'),
  medicat: recordsKindOf('medicat'),
  'pmc-oa': recordsKindOf('pmc-oa'),
  'biomedclip-pipeline': recordsKindOf('biomedclip-pipeline'),
};

/** In the order in which `auto` asks them: a folder of articles may hold other things as well. */
const detected: readonly NamedFormat[] = ['jats', 'webdataset', 'roco', 'parquet', 'dicom', 'pdf', 'folder'];

/** What is asked of a source. */
export interface SourceReading {
  readonly format: SourceFormat;
  /** Which figures of articles are taken; default: all. */
  readonly screening?: FigureScreening | null;
}

/**
 * Opens a file or folder. `auto` looks at what lies there: a folder with articles in JATS XML is read as articles, one with
 * the tables of ROCO or parquet files of images as that set, one with DICOM files and no other images as DICOM, another
 * one as images with captions beside them. A file of JSON is read by the form of its first object.
 * @throws {FigseekError} BAD_USER_INPUT where there is no source, or one of another format than was named; also for a
 *   screening where the source holds no articles in JATS
 */
export async function openSource(source: string, { format, screening = null }: SourceReading): Promise<FigureSource> {
  // What is wrong with it is told before anything is looked at.
  const screen = screening === null ? takeAllFigures : figureScreen(screening);
  const found = await stat(source).catch(() => null);
  if (found === null) throw new FigseekError('BAD_USER_INPUT', `There is no file or folder ${source}`);
  const file: SourceFile = { path: source, isFolder: found.isDirectory() };
  const [actual, kind] = format === 'auto' ? await detectKind(file) : [format, kinds[format]];
  if (screening !== null && kind.isScreened !== true) {
    const expected = 'figures are screened by what articles in JATS say of them';
    throw new FigseekError('BAD_USER_INPUT', `${source} is of the format ${actual}; ${expected}`);
  }
  return new FileSource(source, await kind.open(file, screen));
}

async function detectKind(file: SourceFile): Promise<readonly [NamedFormat, SourceKind]> {
  for (const format of detected) if (await kinds[format].fits(file)) return [format, kinds[format]];
  // A file of records tells its form itself.
  return ['jsonl', recordsKind];
}
