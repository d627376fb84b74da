import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError } from '../domain/errors.js';

/** What the disk needs beside the files: the system's own writing, the state of downloads. */
const spare = 64 * 2 ** 20;

/** @throws {FigseekError} INTERNAL_SERVER_ERROR saying what is needed and what is free */
export async function checkSpace(folder: string, toFetch: number, toImport: number): Promise<void> {
  const { bavail, bsize } = await diskOf(path.resolve(folder));
  const [needed, free] = [toFetch + toImport + spare, bavail * bsize];
  if (needed <= free) return;
  throw new FigseekError(
    'INTERNAL_SERVER_ERROR',
    `The disk of ${folder} has ${gibibytes(free)} free and ${gibibytes(needed)} are needed (${gibibytes(toFetch)} to fetch, ${gibibytes(toImport)} for the import); make room, or set FIGSEEK_MODELS to a folder on another disk`,
  );
}

/** Of a folder that is yet to be made: the disk of the one in which it will be. */
async function diskOf(folder: string): Promise<StatsFs> {
  return statfs(folder).catch((error: unknown) => {
    if (path.dirname(folder) === folder) throw error;
    return diskOf(path.dirname(folder));
  });
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}
