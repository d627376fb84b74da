import { unfit, type SourceKind } from '../source-kind.js';
import { countPdfs, holdsPdfs, isPdf, readPdfFolder, readSinglePdf } from './pdf-folder.js';

/** PDFs, and folders of them as a reference manager exports them. */
export const pdfKind: SourceKind = {
  fits: ({ path, isFolder }) => (isFolder ? holdsPdfs(path) : isPdf(path)),

  async open({ path, isFolder }) {
    if (isFolder) return { isOfArticles: true, read: () => readPdfFolder(path), count: () => countPdfs(path) };
    if (!(await isPdf(path))) throw unfit('pdf', path, 'expected a PDF or a folder of PDFs');
    return { isOfArticles: true, read: () => readSinglePdf(path), count: () => Promise.resolve(1) };
  },
};
