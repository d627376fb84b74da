import path from 'node:path';
import { createRequire } from 'node:module';
import './quiet-globals.js';
import {
  AnnotationMode,
  getDocument,
  OPS,
  VerbosityLevel,
  type PDFDocumentProxy,
} from 'pdfjs-dist/legacy/build/pdf.mjs';
import { FigseekError } from '../../../domain/errors.js';
import { readFacts, type DocumentFacts } from './document-facts.js';
import type { Matrix } from './geometry.js';
import { orient, orientationOf, type Pixels } from './image-orientation.js';
import { decodedImage, summarize, toPixels, toRgb, type DecodedImage } from './image-pixels.js';
import { composeTiles } from './image-tiles.js';
import { findFigures, type Page, type PageFigure } from './page-figures.js';
import { readMarks, type ImageSummary } from './page-marks.js';
import { toPdfFault } from './pdf-faults.js';
import { toLines, type TextPiece } from './text-lines.js';

/** A figure and the page that it stands on, from 1. */
export interface PdfFigure extends PageFigure {
  readonly page: number;
}

export interface PdfContent extends DocumentFacts {
  readonly pages: number;
  readonly figures: readonly PdfFigure[];
  readonly leftOut: readonly { readonly page: number; readonly what: string; readonly reason: string }[];
  /** Images too small for a figure, those on several pages, patterns, masks and those that cannot be decoded. */
  readonly counts: Readonly<Record<'small' | 'repeated' | 'patterns' | 'unread', number>>;
  /** Pages that cannot be read. */
  readonly faults: readonly { readonly page: number; readonly code: string; readonly message: string }[];
}

const maxPages = 2000;
const maxImagePixels = 100_000_000;
const maxPieces = 20_000;
/** An image on so many pages belongs to the journal, not to an article. */
const repeatedFrom = 3;

const library = path.dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
const folderOf = (name: string): string => `${path.join(library, name)}${path.sep}`;

/** A file that pdf.js has opened. */
export interface OpenedPdf {
  readonly document: PDFDocumentProxy;
  /** Images that stand on several pages: pdf.js gives them once. */
  readonly shared: Map<string, ImageSummary>;
}

/** @throws {FigseekError} BAD_USER_INPUT, UNSUPPORTED_MEDIA or PAYLOAD_TOO_LARGE: what is wrong with the file */
export async function openPdf(bytes: Uint8Array): Promise<OpenedPdf> {
  const task = getDocument({
    // Its buffer is handed over, so it gets one of its own.
    data: new Uint8Array(bytes),
    verbosity: VerbosityLevel.ERRORS,
    isEvalSupported: false,
    isOffscreenCanvasSupported: false,
    isImageDecoderSupported: false,
    useSystemFonts: false,
    disableFontFace: true,
    fontExtraProperties: false,
    maxImageSize: maxImagePixels,
    wasmUrl: folderOf('wasm'),
    cMapUrl: folderOf('cmaps'),
    cMapPacked: true,
    standardFontDataUrl: folderOf('standard_fonts'),
  });
  try {
    const document = await task.promise;
    if (document.numPages <= maxPages) return { document, shared: new Map() };
    const message = `The PDF has ${document.numPages} pages; expected at most ${maxPages}`;
    throw new FigseekError('PAYLOAD_TOO_LARGE', message);
  } catch (error) {
    await task.destroy();
    throw toPdfFault(error);
  }
}

/** Figures of a PDF, without their pixels. @throws {FigseekError} as `openPdf` */
export async function describePdf(opened: OpenedPdf): Promise<PdfContent> {
  const [pages, faults]: [(Page & { page: number })[], PdfContent['faults'][number][]] = [[], []];
  const { document } = opened;
  for (let page = 1; page <= document.numPages; page++) {
    try {
      pages.push({ page, ...(await readPage(opened, page, () => false)).content });
    } catch (error) {
      const { code, message } = toPdfFault(error);
      faults.push({ page, code, message });
    }
  }
  const { info } = await document.getMetadata().catch(() => ({ info: {} }));
  const first = pages.find(({ page }) => page === 1);
  const seen = pagesByHash(pages);
  const isRepeated = ({ hash }: ImageSummary): boolean => (seen.get(hash)?.size ?? 0) >= repeatedFrom;
  const found = pages.map((page) => ({ page: page.page, ...findFigures(page, isRepeated) }));
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  return {
    ...readFacts(info as Readonly<Record<string, unknown>>, first?.lines ?? []),
    pages: document.numPages,
    figures: found.flatMap(({ page, figures }) => figures.map((figure) => ({ ...figure, page }))),
    leftOut: found.flatMap(({ page, leftOut }) => leftOut.map((one) => ({ ...one, page }))),
    counts: {
      small: sum(found.map(({ small }) => small)),
      repeated: [...seen.values()].filter(({ size }) => size >= repeatedFrom).length,
      patterns: sum(pages.map(({ marks }) => marks.patterns)),
      unread: sum(pages.map(({ marks }) => marks.unread)),
    },
    faults,
  };
}

function pagesByHash(pages: readonly (Page & { readonly page: number })[]): ReadonlyMap<string, ReadonlySet<number>> {
  const seen = new Map<string, Set<number>>();
  for (const { page, marks } of pages)
    for (const { hash } of marks.images) seen.set(hash, (seen.get(hash) ?? new Set()).add(page));
  return seen;
}

/**
 * The pixels of a figure, as `describePdf` found it.
 * @returns RGB; null where pdf.js has given the pixels before and does not give them again: another `openPdf` helps
 * @throws {FigseekError} as `openPdf`
 */
export async function renderFigure(opened: OpenedPdf, { page, image }: PdfFigure): Promise<Pixels | null> {
  const wanted = new Set(image.parts.map((part) => part.image.hash));
  const { kept } = await readPage(opened, page, (hash) => wanted.has(hash)).catch((error: unknown) => {
    throw toPdfFault(error);
  });
  const tiles = image.parts.flatMap(({ image: { hash, matrix }, x, y }) => {
    const [decoded, orientation] = [kept.get(hash), orientationOf(matrix)];
    if (decoded === undefined || orientation === null) return [];
    return [{ x, y, pixels: orient(toRgb(toPixels(decoded)), orientation) }];
  });
  return tiles.length === image.parts.length ? composeTiles(image, tiles) : null;
}

interface ReadPage {
  readonly content: Page;
  readonly kept: ReadonlyMap<string, DecodedImage>;
}

/** One page; of its images only the pixels of those that are wanted are held. */
async function readPage(
  { document, shared }: OpenedPdf,
  number: number,
  isWanted: (hash: string) => boolean,
): Promise<ReadPage> {
  const page = await document.getPage(number);
  const [own, kept] = [new Map<string, ImageSummary>(), new Map<string, DecodedImage>()];
  const take = (image: DecodedImage): ImageSummary => {
    const summary = summarize(image);
    if (isWanted(summary.hash)) kept.set(summary.hash, image);
    return summary;
  };
  const watched = [watch(page.objs, own, take), watch(page.commonObjs, shared, take)];
  try {
    const viewport = page.getViewport({ scale: 1 });
    const view = viewport.transform as unknown as Matrix;
    const operators = await page.getOperatorList({ annotationMode: AnnotationMode.DISABLE });
    await imagesOf(page, operators);
    const { items } = await page.getTextContent();
    const pieces = items.filter((item): item is typeof item & TextPiece => 'str' in item);
    if (pieces.length > maxPieces) {
      const message = `Page ${number} has ${pieces.length} pieces of text; expected at most ${maxPieces}`;
      throw new FigseekError('PAYLOAD_TOO_LARGE', message);
    }
    const marks = readMarks(operators, view, (image) => {
      if (typeof image === 'string') return own.get(image) ?? shared.get(image) ?? null;
      const decoded = decodedImage(image);
      return decoded === null ? null : take(decoded);
    });
    return { content: { width: viewport.width, height: viewport.height, lines: toLines(pieces, view), marks }, kept };
  } finally {
    for (const restore of watched) restore();
    page.cleanup();
  }
}

interface ObjectStore {
  resolve(id: string, data: unknown): void;
  get(id: string, callback: (data: unknown) => void): unknown;
}

/** Images are decoded behind the operators that draw them, and come later. */
async function imagesOf(
  page: { readonly objs: ObjectStore; readonly commonObjs: ObjectStore },
  { fnArray, argsArray }: { readonly fnArray: readonly number[]; readonly argsArray: readonly unknown[] },
): Promise<void> {
  for (const [i, operator] of fnArray.entries()) {
    const [id] = (argsArray[i] ?? []) as readonly unknown[];
    if (operator !== OPS.paintImageXObject || typeof id !== 'string') continue;
    const store = id.startsWith('g_') ? page.commonObjs : page.objs;
    await new Promise((resolve) => {
      store.get(id, resolve);
    });
  }
}

/** Takes decoded images as they come, so that the pixels of a page are never held all at once. */
function watch(
  store: ObjectStore,
  summaries: Map<string, ImageSummary>,
  take: (image: DecodedImage) => ImageSummary,
): () => void {
  const resolve = store.resolve.bind(store);
  store.resolve = (id, data) => {
    const decoded = decodedImage(data);
    if (decoded === null) {
      resolve(id, data);
      return;
    }
    summaries.set(id, take(decoded));
    resolve(id, null);
  };
  return () => {
    store.resolve = resolve;
  };
}
