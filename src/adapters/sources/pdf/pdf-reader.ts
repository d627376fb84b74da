import { encodePng } from '../../../imaging/encode.js';
import { FileThread } from '../file-thread.js';
import type { Pixels } from './image-orientation.js';
import { damagedPdf } from './pdf-faults.js';
import type { PdfWork } from './pdf-thread.js';
import type { PdfContent, PdfFigure } from './read-pdf.js';

const thread = new FileThread<PdfWork, PdfContent | Pixels>({
  entry: new URL('./pdf-thread.js', import.meta.url),
  purpose: 'reads PDFs',
  damaged: (_work, error) => damagedPdf(error),
});

/** What a PDF holds, read in a thread. @throws {FigseekError} what is wrong with the file; TIMEOUT */
export function readPdf(root: string, name: string): Promise<PdfContent> {
  return thread.ask({ root, name, figure: null }) as Promise<PdfContent>;
}

/** A figure of a PDF as PNG. @throws {FigseekError} what is wrong with the file; TIMEOUT */
export async function figureAsPng(root: string, name: string, figure: PdfFigure): Promise<Uint8Array> {
  const { width, height, data } = (await thread.ask({ root, name, figure })) as Pixels;
  return encodePng({ width, height, data });
}
