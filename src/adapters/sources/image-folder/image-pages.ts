import type { FileHandle } from 'node:fs/promises';
import { FigseekError, messageOf } from '../../../domain/errors.js';
import type { ReadAt } from '../../../imaging/tiff/directories.js';
import { listPages, readPage, type TiffPage } from '../../../imaging/tiff/page-files.js';
import { evenlyChosen } from '../../../domain/evenly-chosen.js';
import { maxFile, withImageFile } from '../image-file.js';

/** A stack becomes no more figures than this. */
const maxFigures = 16;
const tiffNames = /\.(?:tiff?|lsm|btf|tf8)$/i;

/** The pages of an image file that become figures. */
export interface ImagePages {
  readonly count: number;
  /** Evenly spread over all; the first one is the file's own figure and is not among them. */
  readonly others: readonly TiffPage[];
  /** Whether pages behind these cannot be read. */
  readonly isCut: boolean;
}

/** Whether a file is one of several pages by its name. */
export function mayHavePages(name: string): boolean {
  return tiffNames.test(name);
}

/** @returns no other pages for a file that is no TIFF, and for one that cannot be read: its own figure will say why */
export async function pagesOfImage(folder: string, name: string): Promise<ImagePages> {
  if (!mayHavePages(name)) return { count: 1, others: [], isCut: false };
  const { pages, isCut } = await withImageFile(folder, name, (handle) => listPages(readerOf(handle))).catch(() => ({
    pages: [],
    isCut: false,
  }));
  const chosen = evenlyChosen(pages.length, maxFigures).slice(1);
  return { count: pages.length, others: chosen.flatMap((at) => pages[at] ?? []), isCut };
}

/** A page as a file of its own. @throws {FigseekError} BAD_USER_INPUT, PAYLOAD_TOO_LARGE */
export async function readImagePage(folder: string, name: string, page: TiffPage): Promise<Uint8Array> {
  try {
    return await withImageFile(folder, name, (handle) => readPage(readerOf(handle), page, maxFile));
  } catch (error) {
    if (error instanceof FigseekError) throw error;
    throw new FigseekError('BAD_USER_INPUT', `Page ${page.number} of ${name} cannot be read: ${messageOf(error)}`);
  }
}

function readerOf(handle: FileHandle): ReadAt {
  return async (position, length) => {
    const { size } = await handle.stat();
    if (position + length > size) throw new RangeError(`The file ends at ${size} bytes, before ${position + length}`);
    const bytes = new Uint8Array(length);
    await handle.read(bytes, 0, length, position);
    return bytes;
  };
}
