import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { FigseekError, messageOf, systemCodeOf } from '../../../domain/errors.js';
import { licenseOfWords } from '../../../domain/license.js';
import { isVersionFolder } from './pmc-versions.js';
import type { JatsArticle } from './read-article.js';

const metadataSchema = z.object({
  is_retracted: z.boolean().nullish(),
  license_code: z.string().nullish(),
  xml_url: z.string().nullish(),
  media_urls: z.array(z.string()).nullish(),
});

/** What is told of an article beside its XML, by PubMed Central or by a list of its packages. */
export interface ToldOfArticle {
  readonly retracted: boolean;
  readonly license: string | null;
  readonly licenseText: string | null;
  readonly pmid?: string | null;
  readonly journal?: string | null;
  readonly year?: number | null;
}

/** What PubMed Central says of a version of an article. */
export interface PmcMetadata extends ToldOfArticle {
  /** MD5 of the files, by their names; null where none is told. */
  readonly media: ReadonlyMap<string, string | null>;
  /** Addresses as they are written there: `s3://pmc-oa-opendata/PMC1.2/fig1.jpg?md5=…`. */
  readonly mediaUrls: readonly string[];
  readonly xmlUrl: string | null;
}

/**
 * Reads `PMC1.2.json` in the folder of a version, or in `metadata` beside it.
 * @returns null for a folder that is no version, or where there is no such file
 * @throws {FigseekError} BAD_USER_INPUT for a file that cannot be read
 */
export async function readPmcMetadata(folder: string): Promise<PmcMetadata | null> {
  const name = path.basename(folder);
  if (!isVersionFolder(name)) return null;
  const places = [folder, path.join(folder, '../metadata')];
  for (const place of places) {
    const text = await readFile(path.join(place, `${name}.json`), 'utf8').catch((error: unknown) => {
      if (systemCodeOf(error) === 'ENOENT') return null;
      throw unreadable(name, error);
    });
    if (text !== null) return parsePmcMetadata(name, text);
  }
  return null;
}

/** @param name of the version: `PMC1.2` @throws {FigseekError} BAD_USER_INPUT */
export function parsePmcMetadata(name: string, text: string): PmcMetadata {
  let given: z.infer<typeof metadataSchema>;
  try {
    given = metadataSchema.parse(JSON.parse(text));
  } catch (error) {
    throw unreadable(name, error);
  }
  const mediaUrls = given.media_urls ?? [];
  return {
    retracted: given.is_retracted ?? false,
    ...toldLicense(given.license_code ?? null),
    media: new Map(mediaUrls.map((address) => [nameIn(address), md5In(address)])),
    mediaUrls,
    xmlUrl: given.xml_url ?? null,
  };
}

/** A license in PubMed Central's words: `CC BY-NC`. */
export function toldLicense(words: string | null): Pick<ToldOfArticle, 'license' | 'licenseText'> {
  return { license: words === null ? null : licenseOfWords(words), licenseText: words };
}

function nameIn(address: string): string {
  const [place = ''] = address.split('?');
  return place.slice(place.lastIndexOf('/') + 1);
}

/** The MD5 that an address tells of its file; null where it tells none. */
export function md5In(address: string): string | null {
  const [, query = ''] = address.split('?');
  return new URLSearchParams(query).get('md5')?.toLowerCase() ?? null;
}

/** An article with what is told of it: retracted where either says so, else the XML before what is told. */
export function withMetadata(read: JatsArticle, told: ToldOfArticle | null): JatsArticle {
  if (told === null) return read;
  const { article } = read;
  return {
    ...read,
    article: {
      ...article,
      pmid: article.pmid ?? told.pmid ?? null,
      journal: article.journal ?? told.journal ?? null,
      year: article.year ?? told.year ?? null,
      license: article.license ?? told.license,
      licenseText: article.licenseText ?? told.licenseText,
      retracted: article.retracted === true || told.retracted,
    },
  };
}

/** @throws {FigseekError} BAD_USER_INPUT where a file is not the one that the metadata tells of */
export function expectChecksum(file: string, bytes: Uint8Array, wanted: string | null): void {
  if (wanted === null) return;
  const md5 = createHash('md5').update(bytes).digest('hex');
  if (md5 === wanted) return;
  throw new FigseekError('BAD_USER_INPUT', `${file} is damaged: its MD5 is ${md5}, but PubMed Central tells ${wanted}`);
}

function unreadable(name: string, error: unknown): FigseekError {
  return new FigseekError('BAD_USER_INPUT', `${name}.json cannot be read: ${messageOf(error).slice(0, 300)}`);
}
