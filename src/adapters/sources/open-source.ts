import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError } from '../../domain/errors.js';
import type { SourceItem } from '../../domain/figure-record.js';
import { countFiles, holdsDicom, isDicomFile, readDicomFolder, readSingleDicom } from './dicom/dicom-folder.js';
import { detectImageKind } from './file-name-kinds.js';
import { countImages, readFolder } from './folder.js';
import { isArticleFile } from './jats/article-file.js';
import { isArticlePackage, readPackage } from './jats/article-package.js';
import { countFigures, holdsArticles, readArticleFolder, readSingleArticle } from './jats/article-folder.js';
import { figureScreen, takeAllFigures, type FigureScreen, type FigureScreening } from './jats/figure-screen.js';
import { recordFileKind } from './json-records.js';
import { countLines, detectDialect, readJsonl } from './jsonl.js';
import { expectParquetImages, holdsParquetImages } from './parquet/parquet-source.js';
import { countFileRows, countRows, readParquetFile, readParquetFolder } from './parquet/parquet-source.js';
import { isParquet } from './parquet/parquet-file.js';
import { countPdfs, holdsPdfs, isPdf, readPdfFolder, readSinglePdf } from './pdf/pdf-folder.js';
import { recordDialects, type RecordDialect } from './record-dialects.js';
import { countRoco, findRoco, noRoco, readRoco } from './roco/roco-folder.js';
import { countRocov2, findRocov2, readRocov2 } from './roco/rocov2-folder.js';
import { isTarName } from './tar-entries.js';
import { countSamples, holdsOnlyShards, isShard, listShards, readShards } from './webdataset.js';

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

/** What is asked of a source. */
export interface SourceReading {
  readonly format: SourceFormat;
  /** Which figures of articles are taken; default: all. */
  readonly screening?: FigureScreening | null;
}

/** Records that come one by one, and a first look at how many there are. */
export interface Source {
  /** Whether its figures are those of articles, most of which have panels. */
  readonly isOfArticles: boolean;
  readonly items: AsyncIterable<SourceItem>;
  /** For progress only: blank lines count too, and of many articles the number of figures is a guess. */
  count(): Promise<number>;
}

/**
 * Opens a source. `auto` looks at what lies there: a folder with articles in JATS XML is read as articles, one with
 * the tables of ROCO or parquet files of images as that set, one with DICOM files and no other images as DICOM, another
 * one as images with captions beside them. A file of JSON is read by the form of its first object.
 * @throws {FigseekError} BAD_USER_INPUT where there is no source, or one of another format than was named; also for a
 *   screening where the source holds no articles in JATS
 */
export async function openSource(source: string, { format, screening = null }: SourceReading): Promise<Source> {
  // What is wrong with it is told before anything is looked at.
  const screen = screening === null ? takeAllFigures : figureScreen(screening);
  const found = await stat(source).catch(() => null);
  if (found === null) throw new FigseekError('BAD_USER_INPUT', `There is no file or folder ${source}`);
  const actual = format === 'auto' ? await detectFormat(source, found) : format;
  if (actual === 'jats') return openArticles(source, found, screen);
  if (screening !== null) {
    const expected = 'figures are screened by what articles in JATS say of them';
    throw new FigseekError('BAD_USER_INPUT', `${source} is of the format ${actual}; ${expected}`);
  }
  if (actual === 'dicom') return openDicom(source, found);
  if (actual === 'webdataset') return openShards(source, found);
  if (actual === 'roco') return openRoco(source);
  if (actual === 'parquet') return openParquet(source, found);
  if (actual === 'pdf') return openPdfs(source, found);
  if ((actual === 'folder') !== found.isDirectory()) {
    const what = found.isDirectory() ? 'a folder' : 'a file';
    throw new FigseekError('BAD_USER_INPUT', `The format ${actual} does not fit: ${source} is ${what}`);
  }
  if (actual === 'folder') return { isOfArticles: false, items: readFolder(source), count: () => countImages(source) };
  // What is no file of records is refused before a run begins.
  await expectRecordFile(source);
  const dialect = format === 'auto' ? await detectDialect(source) : dialectOf(format);
  const isOfArticles = dialect !== null && dialect.name !== 'pmc-oa';
  return { isOfArticles, items: readJsonl(source, dialect), count: () => countLines(source) };
}

async function detectFormat(source: string, found: Stats): Promise<Exclude<SourceFormat, 'auto'>> {
  if (!found.isDirectory()) {
    if (await isArticle(source)) return 'jats';
    if (await isDicomFile(source)) return 'dicom';
    if (await isParquet(source)) return 'parquet';
    if (await isPdf(source)) return 'pdf';
    return isTarName(source) && (await isShard(source)) ? 'webdataset' : 'jsonl';
  }
  if (await holdsArticles(source)) return 'jats';
  if (await holdsOnlyShards(source)) return 'webdataset';
  if ((await findRoco(source)).length > 0 || (await findRocov2(source)).length > 0) return 'roco';
  if (await holdsParquetImages(source)) return 'parquet';
  if (await holdsDicom(source)) return 'dicom';
  return (await holdsPdfs(source)) ? 'pdf' : 'folder';
}

/** Null for figseek's own form. */
function dialectOf(format: string): RecordDialect | null {
  return recordDialects.find(({ name }) => name === format) ?? null;
}

async function openShards(source: string, found: Stats): Promise<Source> {
  const names = found.isDirectory() ? await listShards(source) : null;
  const files = names === null ? [source] : names.map((name) => path.join(source, name));
  if (!(await isShard(files[0] ?? source))) {
    const expected = 'expected a tar archive of images with texts or JSON under the same names, or a folder of such';
    throw new FigseekError('BAD_USER_INPUT', `The format webdataset does not fit ${source}: ${expected}`);
  }
  return { isOfArticles: false, items: readShards(files), count: () => countSamples(files) };
}

/** ROCO by its text files, or ROCOv2 by its CSV files; its parquet files are read as any others. */
async function openRoco(source: string): Promise<Source> {
  const folders = await findRoco(source);
  if (folders.length > 0)
    return { isOfArticles: false, items: readRoco(source, folders), count: () => countRoco(source, folders) };
  const splits = await findRocov2(source);
  if (splits.length === 0) throw noRoco(source);
  return { isOfArticles: false, items: readRocov2(source, splits), count: () => countRocov2(source, splits) };
}

async function openParquet(source: string, found: Stats): Promise<Source> {
  if (found.isDirectory())
    return { isOfArticles: false, items: readParquetFolder(source), count: () => countRows(source) };
  await expectParquetImages(source);
  return { isOfArticles: false, items: readParquetFile(source), count: () => countFileRows(source) };
}

async function openArticles(source: string, found: Stats, screen: FigureScreen): Promise<Source> {
  if (found.isDirectory())
    return { isOfArticles: true, items: readArticleFolder(source, screen), count: () => countFigures(source) };
  if (!(await isArticle(source))) {
    const expected = 'expected an article in JATS or NLM XML, a tar archive of one, or a folder of such articles';
    throw new FigseekError('BAD_USER_INPUT', `The format jats does not fit ${source}: ${expected}`);
  }
  const items = isTarName(source)
    ? readPackage(source, path.basename(source), { screen })
    : readSingleArticle(source, screen);
  return { isOfArticles: true, items, count: () => Promise.resolve(1) };
}

async function openDicom(source: string, found: Stats): Promise<Source> {
  if (found.isDirectory())
    return { isOfArticles: false, items: readDicomFolder(source), count: () => countFiles(source) };
  if (!(await isDicomFile(source))) {
    const expected = 'expected a DICOM file, a DICOMDIR, or a folder of DICOM files';
    throw new FigseekError('BAD_USER_INPUT', `The format dicom does not fit ${source}: ${expected}`);
  }
  return { isOfArticles: false, items: readSingleDicom(source), count: () => Promise.resolve(1) };
}

async function openPdfs(source: string, found: Stats): Promise<Source> {
  if (found.isDirectory()) return { isOfArticles: true, items: readPdfFolder(source), count: () => countPdfs(source) };
  if (!(await isPdf(source))) {
    const expected = 'expected a PDF or a folder of PDFs';
    throw new FigseekError('BAD_USER_INPUT', `The format pdf does not fit ${source}: ${expected}`);
  }
  return { isOfArticles: true, items: readSinglePdf(source), count: () => Promise.resolve(1) };
}

function isArticle(file: string): Promise<boolean> {
  return isTarName(file) ? isArticlePackage(file) : isArticleFile(file);
}

async function expectRecordFile(source: string): Promise<void> {
  if (detectImageKind(source) !== null) {
    const expected = 'expected a JSON-lines file or a folder of images';
    throw new FigseekError('BAD_USER_INPUT', `${source} is a single image by its name; ${expected}`);
  }
  await recordFileKind(source);
}
