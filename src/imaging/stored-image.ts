import type { StoredImage } from '../domain/stored-image.js';
import { readFile } from 'node:fs/promises';
import { FigseekError } from '../domain/errors.js';
import { imageHashOf } from '../domain/ids.js';

/** @throws {FigseekError} INTERNAL_SERVER_ERROR when the file is gone or its bytes changed on disk */
export async function readStoredImage({ file, hash }: StoredImage): Promise<Buffer> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new FigseekError('INTERNAL_SERVER_ERROR', `The image file ${hash} is missing; ingest its source again`, {
      cause,
    });
  });
  if (imageHashOf(bytes) !== hash) {
    throw new FigseekError('INTERNAL_SERVER_ERROR', `The image file ${hash} is damaged; delete it and ingest again`);
  }
  return bytes;
}
