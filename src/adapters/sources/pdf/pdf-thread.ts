/** Reads PDFs in a thread of its own: a hostile file holds no other work, and ends nothing else. */
import { FigseekError } from '../../../domain/errors.js';
import { runTaskLoop } from '../../../platform/task-messages.js';
import { readImageFile } from '../image-file.js';
import type { Pixels } from './image-orientation.js';
import { describePdf, openPdf, renderFigure, type OpenedPdf, type PdfContent, type PdfFigure } from './read-pdf.js';

/** A file to describe, or a figure of it to render. */
export interface PdfWork {
  readonly root: string;
  /** Path below the root. */
  readonly name: string;
  readonly figure: PdfFigure | null;
}

/** The last file, since the figures of one file are asked for one after the other. */
let last: { readonly key: string; readonly opened: OpenedPdf } | null = null;

async function open({ root, name }: PdfWork): Promise<OpenedPdf> {
  const before = last;
  last = null;
  await before?.opened.document.loadingTask.destroy();
  const opened = await openPdf(await readImageFile(root, name));
  last = { key: keyOf({ root, name }), opened };
  return opened;
}

function keyOf({ root, name }: Pick<PdfWork, 'root' | 'name'>): string {
  return JSON.stringify([root, name]);
}

async function render(work: PdfWork, figure: PdfFigure): Promise<Pixels> {
  const known = last?.key === keyOf(work) ? await renderFigure(last.opened, figure) : null;
  const pixels = known ?? (await renderFigure(await open(work), figure));
  if (pixels === null) throw new FigseekError('BAD_USER_INPUT', `${work.name} changed while it was read`);
  return pixels;
}

runTaskLoop<PdfWork, PdfContent | Pixels>(async (work) => {
  const result = work.figure === null ? await describePdf(await open(work)) : await render(work, work.figure);
  return { result, transfer: [] };
});
