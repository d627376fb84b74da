import { access } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError } from '../../domain/errors.js';
import type { KnownModel } from './known-models.js';

/**
 * Checks that a folder, filled by hand where the hub is out of reach, has all files of a model.
 * @throws {FigseekError} BAD_USER_INPUT naming what is missing and where it is to be had
 */
export async function checkFolder(model: KnownModel, folder: string): Promise<void> {
  const missing: string[] = [];
  for (const { names, repositories } of model.files) {
    const found = await Promise.all(names.map((name) => exists(path.join(folder, name))));
    if (!found.includes(true)) missing.push(`${names.join(' or ')} (of ${repositories.join(' or ')})`);
  }
  if (missing.length === 0) return;
  throw new FigseekError('BAD_USER_INPUT', `The folder ${folder} lacks ${missing.join('; ')}`);
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
