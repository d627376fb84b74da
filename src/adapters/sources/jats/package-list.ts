import { createReadStream } from 'node:fs';
import path from 'node:path';
import { FigseekError } from '../../../domain/errors.js';
import type { SourceItem } from '../../../domain/figure-record.js';
import { fileExists } from '../../../platform/file-exists.js';
import { boundedLines } from '../records/lines.js';
import { csvRows } from '../sets/csv-rows.js';
import { isTarName } from '../tar-entries.js';
import { faultOf, leftOutItem } from '../source-items.js';
import { candidatesBelow } from './article-entries.js';
import { toldLicense, type ToldOfArticle } from './pmc-metadata.js';

const fileNames = ['oa_file_list.csv', 'oa_file_list.txt'] as const;
const columns = ['File', 'Article Citation', 'Accession ID', 'PMID', 'License'] as const;
const maxLine = 100_000;

/**
 * PubMed Central's list of its packages (`oa_file_list.csv`, or `.txt`), beside the packages or beside their folder. It tells
 * what an article itself may not: license, PMID, journal and year. Of its millions of lines those are kept whose packages
 * are there.
 */
export class PackageList {
  private constructor(
    private readonly file: string,
    private readonly byArticle: ReadonlyMap<string, ToldOfArticle>,
    private readonly faults: readonly SourceItem[],
  ) {}

  /** @returns null where there is none; a list that cannot be read tells that among its items */
  static async find(folder: string): Promise<PackageList | null> {
    const places = [folder, path.dirname(path.resolve(folder))];
    for (const file of places.flatMap((place) => fileNames.map((name) => path.join(place, name))))
      if (await fileExists(file)) return PackageList.read(file, folder);
    return null;
  }

  private static async read(file: string, folder: string): Promise<PackageList | null> {
    const name = path.basename(file);
    const present = new Set<string>();
    for await (const one of candidatesBelow(folder)) if (isTarName(one)) present.add(articleOf(one));
    // Beside folders of articles without packages it tells nothing.
    if (present.size === 0) return null;
    const byArticle = new Map<string, ToldOfArticle>();
    let [absent, first] = [0, ''];
    try {
      for await (const [place = '', citation = '', article = '', pmid = '', license = ''] of rowsOf(file)) {
        if (present.has(article)) byArticle.set(article, toldBy(citation, pmid, license));
        else if (++absent === 1) first = place;
      }
    } catch (error) {
      return new PackageList(file, byArticle, [faultOf(name, error)]);
    }
    const told = `${absent} packages that it lists are not here; the first: ${first.slice(0, 200)}`;
    return new PackageList(file, byArticle, absent === 0 ? [] : [leftOutItem(name, told)]);
  }

  /** What the list tells of the article in a package. @param file of the package */
  of(file: string): ToldOfArticle | null {
    return this.byArticle.get(articleOf(file)) ?? null;
  }

  isFile(file: string): boolean {
    return path.resolve(file) === path.resolve(this.file);
  }

  /** What is wrong with the list, and how many packages it lists that are not there. */
  items(): readonly SourceItem[] {
    return this.faults;
  }
}

function articleOf(file: string): string {
  return path.basename(file).replace(/\..*$/, '');
}

function rowsOf(file: string): AsyncIterable<readonly string[]> {
  return file.endsWith('.csv') ? csvRows(file, columns) : tabbedRows(file);
}

/** The form with tabs: its first line is a date. */
async function* tabbedRows(file: string): AsyncGenerator<readonly string[]> {
  let number = 0;
  for await (const { bytes } of boundedLines(createReadStream(file) as AsyncIterable<Buffer>, maxLine)) {
    number += 1;
    const cells = bytes?.toString('utf8').trimEnd().split('\t') ?? [];
    if (cells.length >= 4) yield cells;
    else if (number > 1 && cells.join('') !== '') {
      const expected = 'expected path, citation, PMC id, PMID and license with tabs between them';
      throw new FigseekError('BAD_USER_INPUT', `Line ${number}: ${expected}`);
    }
  }
}

/** @param citation as `Breast Cancer Res. 2001 Nov 2; 3(1):55-60` @param pmid as `PMID:11250746`, or the number */
function toldBy(citation: string, pmid: string, license: string): ToldOfArticle {
  const [, journal = null, year = null] = /^(.+?)\.? ((?:18|19|20)\d{2})\b/.exec(citation) ?? [];
  const number = /\d+/.exec(pmid)?.[0] ?? null;
  const words = license.trim();
  return {
    retracted: false,
    ...toldLicense(words === '' ? null : words),
    pmid: number,
    journal,
    year: year === null ? null : Number(year),
  };
}
