import { stat } from 'node:fs/promises';
import { FigseekError } from '../../domain/errors.js';
import type { SourceItem } from '../../domain/figure-record.js';
import { detectImageKind } from './file-name-kinds.js';
import { countImages, readFolder } from './folder.js';
import { recordFileKind } from './json-records.js';
import { countLines, readJsonl } from './jsonl.js';

export type SourceFormat = 'auto' | 'jsonl' | 'folder';

/** Records that come one by one, and a first look at how many there are. */
export interface Source {
  readonly items: AsyncIterable<SourceItem>;
  /** For progress only: blank lines count too. */
  count(): Promise<number>;
}

/** Opens a source; `auto` takes a folder as images with captions beside them. */
export async function openSource(source: string, format: SourceFormat): Promise<Source> {
  const found = await stat(source).catch(() => null);
  if (found === null) throw new FigseekError('BAD_USER_INPUT', `There is no file or folder ${source}`);
  const actual = found.isDirectory() ? 'folder' : 'jsonl';
  if (actual === 'jsonl' && detectImageKind(source) !== null) {
    const expected = 'expected a JSON-lines file or a folder of images';
    throw new FigseekError('BAD_USER_INPUT', `${source} is a single image by its name; ${expected}`);
  }
  if (format !== 'auto' && format !== actual) {
    const what = actual === 'folder' ? 'a folder' : 'a file';
    throw new FigseekError('BAD_USER_INPUT', `The format ${format} does not fit: ${source} is ${what}`);
  }
  // What is no file of records is refused before a run begins.
  if (actual === 'jsonl') await recordFileKind(source);
  return actual === 'folder'
    ? { items: readFolder(source), count: () => countImages(source) }
    : { items: readJsonl(source), count: () => countLines(source) };
}
