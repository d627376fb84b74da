import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { FigseekError, messageOf, systemCodeOf } from '../../../domain/errors.js';
import { licenseOfWords } from '../../../domain/license.js';
import { readArticleFile } from './article-file.js';
import { MediaNames } from './media-names.js';
import type { JatsArticle } from './read-article.js';

/** A folder of one version of an article, as the article datasets of PubMed Central name it: `PMC8253867.2`. */
const versionName = /^(PMC\d+)\.(\d+)$/;

const metadataSchema = z.object({
  is_retracted: z.boolean().nullish(),
  license_code: z.string().nullish(),
  media_urls: z.array(z.string()).nullish(),
});

/** What PubMed Central says of a version of an article, beside its XML. */
export interface PmcMetadata {
  readonly retracted: boolean;
  readonly license: string | null;
  readonly licenseText: string | null;
  /** MD5 of the files, by their names; null where none is told. */
  readonly media: ReadonlyMap<string, string | null>;
}

/** Whether a file tells of an article, and is read with it. */
export function isPmcMetadata(file: string): boolean {
  const { name, ext } = path.posix.parse(file);
  return ext === '.json' && versionName.test(name);
}

/** Whether a file is the text or the PDF of an article. */
export function isPmcForm(file: string): boolean {
  const { name, ext } = path.posix.parse(file);
  return (ext === '.txt' || ext === '.pdf') && versionName.test(name);
}

/** Versions of one article, the highest first; other folders are groups of one. */
export function groupVersions(folders: readonly string[]): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>();
  for (const folder of folders) {
    const article = versionName.exec(folder)?.[1] ?? folder;
    groups.set(article, [...(groups.get(article) ?? []), folder]);
  }
  const versionOf = (folder: string): number => Number(versionName.exec(folder)?.[2] ?? 0);
  return [...groups.values()].map((versions) => versions.sort((a, b) => versionOf(b) - versionOf(a)));
}

/**
 * The version of an article that is taken: the highest one whose pictures are all there, else the highest one.
 * @param folders of the versions, the highest first
 */
export async function chooseVersion(root: string, folders: readonly string[]): Promise<string | undefined> {
  if (folders.length === 1) return folders[0];
  for (const folder of folders) if (await isComplete(path.join(root, folder))) return folder;
  return folders[0];
}

async function isComplete(folder: string): Promise<boolean> {
  const name = path.basename(folder);
  const article = await readArticleFile(path.join(folder, `${name}.xml`)).catch(() => null);
  if (article === null) return false;
  const files = await readdir(folder);
  const names = new MediaNames(files);
  const pictures = article.figures.flatMap((figure) => figure.pictures);
  const metadata = await readPmcMetadata(folder).catch(() => null);
  const listed = [...(metadata?.media.keys() ?? [])];
  return pictures.every((wanted) => names.find(wanted) !== null) && listed.every((file) => files.includes(file));
}

/**
 * Reads `PMC1.2.json` in the folder of a version, or in `metadata` beside it.
 * @returns null for a folder that is no version, or where there is no such file
 * @throws {FigseekError} BAD_USER_INPUT for a file that cannot be read
 */
export async function readPmcMetadata(folder: string): Promise<PmcMetadata | null> {
  const name = path.basename(folder);
  if (!versionName.test(name)) return null;
  const places = [folder, path.join(folder, '../metadata')];
  for (const place of places) {
    const text = await readFile(path.join(place, `${name}.json`), 'utf8').catch((error: unknown) => {
      if (systemCodeOf(error) === 'ENOENT') return null;
      throw unreadable(name, error);
    });
    if (text !== null) return parseMetadata(name, text);
  }
  return null;
}

function parseMetadata(name: string, text: string): PmcMetadata {
  let given: z.infer<typeof metadataSchema>;
  try {
    given = metadataSchema.parse(JSON.parse(text));
  } catch (error) {
    throw unreadable(name, error);
  }
  const licenseText = given.license_code ?? null;
  return {
    retracted: given.is_retracted ?? false,
    license: licenseText === null ? null : licenseOfWords(licenseText),
    licenseText,
    media: new Map((given.media_urls ?? []).map(mediaOf)),
  };
}

/** Addresses look like `s3://pmc-oa-opendata/PMC1.2/fig1.jpg?md5=…`. */
function mediaOf(address: string): [string, string | null] {
  const [place = '', query = ''] = address.split('?');
  const md5 = new URLSearchParams(query).get('md5');
  return [place.slice(place.lastIndexOf('/') + 1), md5?.toLowerCase() ?? null];
}

/** An article with what its metadata says: retracted where either says so, the license of the XML before that of the metadata. */
export function withMetadata(
  { article, permissions, figures }: JatsArticle,
  metadata: PmcMetadata | null,
): JatsArticle {
  if (metadata === null) return { article, permissions, figures };
  return {
    permissions,
    figures,
    article: {
      ...article,
      license: article.license ?? metadata.license,
      licenseText: article.licenseText ?? metadata.licenseText,
      retracted: article.retracted === true || metadata.retracted,
    },
  };
}

/** @throws {FigseekError} BAD_USER_INPUT where a file is not the one that the metadata tells of */
export function expectChecksum(file: string, bytes: Uint8Array, metadata: PmcMetadata | null): void {
  const wanted = metadata?.media.get(path.posix.basename(file)) ?? null;
  if (wanted === null) return;
  const md5 = createHash('md5').update(bytes).digest('hex');
  if (md5 === wanted) return;
  throw new FigseekError('BAD_USER_INPUT', `${file} is damaged: its MD5 is ${md5}, but PubMed Central tells ${wanted}`);
}

function unreadable(name: string, error: unknown): FigseekError {
  return new FigseekError('BAD_USER_INPUT', `${name}.json cannot be read: ${messageOf(error).slice(0, 300)}`);
}
