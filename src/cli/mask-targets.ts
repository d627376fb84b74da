import { constants } from 'node:fs';
import { access, mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError, messageOf, systemCodeOf } from '../domain/errors.js';

/** In place of a file: standard output. */
export const standardOutput = '-';

/** Makes the folder of `--out`. @throws {FigseekError} BAD_USER_INPUT where there can be none */
export async function makeOutFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    throw refused('--out', 'a folder to write to, or the path of a new one', folder, error);
  }
}

/** Looks whether the file of `--coco` can be written, and writes nothing. @throws {FigseekError} BAD_USER_INPUT */
export async function checkCocoFile(file: string): Promise<void> {
  if (file === standardOutput) return;
  try {
    if (await isFolder(file)) throw new Error('it is a folder');
    if (!(await isFolder(path.dirname(file)))) throw new Error(`there is no folder ${path.dirname(file)}`);
    const target = await access(file).then(
      () => file,
      () => path.dirname(file),
    );
    await access(target, constants.W_OK);
  } catch (error) {
    throw refusedCoco(file, error);
  }
}

/** @throws {FigseekError} BAD_USER_INPUT where the system still refuses what was checked before */
export async function writeCoco(file: string, document: object): Promise<void> {
  const text = `${JSON.stringify(document)}\n`;
  if (file === standardOutput) {
    process.stdout.write(text);
    return;
  }
  await writeFile(file, text).catch((error: unknown) => {
    throw refusedCoco(file, error);
  });
}

async function isFolder(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isDirectory();
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function refusedCoco(file: string, error: unknown): FigseekError {
  return refused('--coco', `a file to write in a folder that is there, or ${standardOutput}`, file, error);
}

function refused(option: string, expected: string, received: string, error: unknown): FigseekError {
  const reason = messageOf(error);
  return new FigseekError('BAD_USER_INPUT', `${option}: expected ${expected} but received ${received}: ${reason}`);
}
