import path from 'node:path';
import type { ArticleRecord, SourceItem } from '../../../domain/figure-record.js';
import { numbered } from '../../../domain/numbered.js';
import { stemOf } from '../file-name-kinds.js';
import { faultItem, faultOf, leftOutItem, recordItem } from '../source-items.js';
import type { DocumentFacts } from './document-facts.js';
import { figureAsPng, readPdf } from './pdf-reader.js';
import type { PdfContent, PdfFigure } from './read-pdf.js';

export interface PdfFile {
  readonly root: string;
  /** Path below the root. */
  readonly name: string;
  /** What the ids of its figures begin with; `/` stands between folders. */
  readonly key: string;
}

/** The article of a PDF by what it says of itself; null where no library of references knows it. */
export type FindArticle = (facts: DocumentFacts) => ArticleRecord | null;

/** Figures of a PDF, each with the caption beside it; what else stands in it is told as left out with its reason. */
export async function* pdfItems(file: PdfFile, findArticle: FindArticle): AsyncGenerator<SourceItem> {
  const { root, name, key } = file;
  const content = await readPdf(root, name).catch((error: unknown) => ({ error }));
  if ('error' in content) {
    yield faultOf(key, content.error);
    return;
  }
  const article = findArticle(content) ?? ownArticle(key, content);
  const taken = new Set<string>();
  for (const figure of content.figures) yield toItem({ ...file, article, taken }, figure);
  for (const { page, code, message } of content.faults) yield faultItem(`${key}#page-${page}`, message, code);
  for (const { page, what, reason } of content.leftOut) yield leftOutItem(`${key}#page-${page}`, `${what}: ${reason}`);
  for (const reason of countedReasons(content)) yield leftOutItem(key, reason);
}

interface Place extends PdfFile {
  readonly article: ArticleRecord;
  readonly taken: Set<string>;
}

function toItem({ root, name, key, article, taken }: Place, figure: PdfFigure): SourceItem {
  const base = `${key}#${figure.label.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')}`;
  let id = base;
  for (let count = 2; taken.has(id); count++) id = `${base}~${count}`;
  taken.add(id);
  const record = { id, image: id, label: figure.label, caption: figure.caption, article };
  return recordItem(record, id, { size: 0, readImage: () => figureAsPng(root, name, figure) });
}

/** What the PDF says of itself; the name of the file stands for a title that it does not give. */
function ownArticle(key: string, { title, authors, doi }: DocumentFacts): ArticleRecord {
  return { title: title ?? stemOf(path.posix.basename(key)), authors: [...authors], doi };
}

function countedReasons({ counts, figures, leftOut, faults, pages }: PdfContent): readonly string[] {
  const { small, repeated, patterns, unread } = counts;
  const reasons = [
    small === 0 ? null : `${numbered(small, 'small image')}, smaller than a figure`,
    repeated === 0 ? null : `${numbered(repeated, 'image')} on three pages or more`,
    patterns === 0 ? null : `${numbered(patterns, 'pattern')} of one repeated image`,
    unread === 0 ? null : `${numbered(unread, 'image')} of one color, or that cannot be decoded`,
    figures.length + leftOut.length + faults.length > 0
      ? null
      : `no figure was found on its ${numbered(pages, 'page')}`,
  ];
  return reasons.filter((reason) => reason !== null);
}
