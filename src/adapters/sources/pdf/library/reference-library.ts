import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { articleIdOrNull } from '../../../../domain/article-ids.js';
import { decodeText } from '../../../../domain/decode-text.js';
import { FigseekError, messageOf } from '../../../../domain/errors.js';
import type { ArticleRecord } from '../../../../domain/figure-record.js';
import { relativePathKey } from '../../file-in-folder.js';
import type { DocumentFacts } from '../document-facts.js';
import { parseBibtex } from './bibtex.js';
import { parseCslJson } from './csl-json.js';
import type { Reference } from './reference.js';
import { parseRis } from './ris.js';

const maxBytes = 100_000_000;

/** Whether a file may be a library of references, by its name. */
export function isLibraryName(name: string): boolean {
  return /\.(?:ris|bib|json)$/i.test(name);
}

/** Articles of libraries of references, by attachment, DOI and title. */
export class ReferenceLibrary {
  private readonly byFile = new Map<string, ArticleRecord>();
  private readonly byDoi = new Map<string, ArticleRecord>();
  /** Null for a title that several have. */
  private readonly byTitle = new Map<string, ArticleRecord | null>();
  private readonly found = new Set<ArticleRecord>();

  /** @returns how many references it has; null for a file of another kind @throws {FigseekError} BAD_USER_INPUT */
  async read(root: string, name: string): Promise<number | null> {
    const file = path.join(root, name);
    const references = parse(name, await textOf(file, name));
    for (const reference of references ?? []) this.add(reference, path.dirname(name));
    return references?.length ?? null;
  }

  /** What is known of a PDF: by its path, else by the DOI or the title that stands in it. */
  find(name: string, { doi, title }: Pick<DocumentFacts, 'doi' | 'title'>): ArticleRecord | null {
    const article =
      this.byFile.get(relativePathKey(name)) ??
      this.byDoi.get(articleIdOrNull('doi', doi) ?? '') ??
      this.byTitle.get(titleKey(title ?? '')) ??
      null;
    if (article !== null) this.found.add(article);
    return article;
  }

  /** Number of references that were found by a PDF. */
  get used(): number {
    return this.found.size;
  }

  private add({ article, files }: Reference, folder: string): void {
    for (const file of files) this.byFile.set(relativePathKey(path.join(folder, file)), article);
    const doi = articleIdOrNull('doi', article.doi);
    if (doi !== null) this.byDoi.set(doi, article);
    const title = titleKey(article.title);
    if (title.length > 15) this.byTitle.set(title, this.byTitle.has(title) ? null : article);
  }
}

function parse(name: string, text: string): readonly Reference[] | null {
  if (/\.ris$/i.test(name)) return parseRis(text);
  if (/\.bib$/i.test(name)) return parseBibtex(text);
  try {
    return parseCslJson(text);
  } catch {
    return null;
  }
}

async function textOf(file: string, name: string): Promise<string> {
  try {
    const found = await stat(file);
    // Asked before it is opened: a pipe would keep the reader waiting forever.
    if (!found.isFile()) throw new Error('it is no file');
    const { size } = found;
    if (size > maxBytes) throw new Error(`it has ${size} bytes; expected at most ${maxBytes}`);
    return decodeText(await readFile(file));
  } catch (error) {
    throw new FigseekError('BAD_USER_INPUT', `The references of ${name} cannot be read: ${messageOf(error)}`);
  }
}

/** The letters and digits of a title. Programs write “é” and “ﬁ” as one character or as two. */
function titleKey(title: string): string {
  return title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
