import { open, realpath, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError, messageOf, systemCodeOf } from '../../domain/errors.js';
import { findLookalike } from './file-in-folder.js';

export const maxFile = 512 * 1024 * 1024;

/**
 * Reads an image that a record names.
 * @throws {FigseekError} BAD_USER_INPUT when it is absent, not a file, too large, or (also by a link) outside `folder`
 */
export function readImageFile(folder: string, name: string): Promise<Uint8Array> {
  return withImageFile(folder, name, (handle) => handle.readFile());
}

/** Runs `work` on the opened image. @throws {FigseekError} as `readImageFile` */
export async function withImageFile<Result>(
  folder: string,
  name: string,
  work: (handle: FileHandle) => Promise<Result>,
): Promise<Result> {
  const root = await realpath(folder);
  const file = await placeOf(root, name);
  if (isOutside(path.relative(root, file))) {
    throw new FigseekError('BAD_USER_INPUT', `The image ${name} lies outside the source's folder`);
  }
  try {
    return await withLimitedFile(file, name, work);
  } catch (error) {
    // Also a file that we may not open is a fault of its record, not the end of the run.
    throw error instanceof FigseekError ? error : new FigseekError('BAD_USER_INPUT', `${name}: ${messageOf(error)}`);
  }
}

async function placeOf(root: string, name: string): Promise<string> {
  try {
    return await realpath(path.resolve(root, name));
  } catch (error) {
    const isInside = !path.isAbsolute(name) && !isOutside(path.normalize(name));
    const like = isInside && systemCodeOf(error) === 'ENOENT' ? await findLookalike(root, name) : null;
    if (like !== null && 'found' in like) return realpath(path.join(root, like.found)).catch(refuse);
    const other = like?.other == null ? '' : `; there is ${like.other}, with other capitals`;
    if (like !== null) return refuse(`there is no ${like.absent} in the folder of the source${other}`);
    return refuse(error);
  }

  function refuse(reason: unknown): never {
    throw new FigseekError('BAD_USER_INPUT', `The image ${name} cannot be read: ${messageOf(reason)}`);
  }
}

/** Where a file lies that a person named, also by a link; the path itself where that cannot be told. */
export async function linkedFile(file: string): Promise<string> {
  return realpath(file).catch(() => path.resolve(file));
}

/** Bytes of an image that a record names; 0 where it cannot be asked: reading it will say why. */
export async function sizeOfImage(folder: string, name: string): Promise<number> {
  return stat(path.resolve(folder, name)).then(
    ({ size }) => size,
    () => 0,
  );
}

async function withLimitedFile<Result>(
  file: string,
  name: string,
  work: (handle: FileHandle) => Promise<Result>,
): Promise<Result> {
  // Asked before it is opened: a pipe would keep the reader waiting for ever.
  if (!(await stat(file)).isFile()) throw new FigseekError('BAD_USER_INPUT', `The image ${name} is not a file`);
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size > maxFile) {
      throw new FigseekError('PAYLOAD_TOO_LARGE', `The image ${name} has ${size} bytes; expected at most ${maxFile}`);
    }
    return await work(handle);
  } finally {
    await handle.close();
  }
}

function isOutside(relative: string): boolean {
  return relative === '..' || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
}
