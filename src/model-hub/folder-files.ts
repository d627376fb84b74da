import path from 'node:path';
import { FigseekError } from '../domain/errors.js';
import type { ModelCatalogEntry } from './model-catalog.js';
import { checkAgainst, readPullRecord, type PullRecord } from './pull-record.js';
import { fileExists } from '../platform/file-exists.js';

/**
 * Checks that a folder, filled where the hub is in reach, has all files of a model, and that they are those that were
 * pulled.
 * @returns what `pull.json` says of the pull; null where there is none, and nothing to compare with
 * @throws {FigseekError} BAD_USER_INPUT naming what is missing and where it is to be had, or what differs
 */
export async function checkFolder(model: ModelCatalogEntry, folder: string): Promise<PullRecord | null> {
  const [missing, found]: [string[], string[]] = [[], []];
  for (const { names, repositories } of model.files) {
    const present = await Promise.all(names.map((name) => fileExists(path.join(folder, name))));
    // The one that the import takes.
    const taken = names.find((_name, index) => present[index]);
    if (taken === undefined) missing.push(`${names.join(' or ')} (of ${repositories.join(' or ')})`);
    else found.push(taken);
  }
  if (missing.length > 0) {
    throw new FigseekError('BAD_USER_INPUT', `The folder ${folder} lacks ${missing.join('; ')}`);
  }
  const record = await readPullRecord(folder, model.name);
  if (record !== null) for (const name of found) await checkAgainst(record, folder, name);
  return record;
}
