import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { shippedPackages } from '../model-packages/shipped-packages.js';

/** Where indexes and model packages go that no setting names a folder for. */
export interface DefaultFolders {
  readonly indexes: string;
  readonly models: string;
}

/**
 * The package's own folder, in a clone; the data folder, where figseek is installed for all users of a machine and who runs
 * it cannot write there. Nothing moves: packages that lie in the package's folder are found there, also where it cannot be written.
 * Indexes are not looked for: they have to be written, and are made again from the database.
 * @param packageRoot the folder that figseek is installed in
 * @param data the data folder, which need not be there
 * @param canWrite whether this process may make files in a folder
 */
export function defaultFolders(packageRoot: string, data: string, canWrite = isWritable): DefaultFolders {
  const [indexes, models] = [path.join(packageRoot, 'indexes'), path.join(packageRoot, 'models')];
  return {
    indexes: canWrite(indexes) ? indexes : path.join(data, 'indexes'),
    models: holdsOwnPackages(models) || canWrite(models) ? models : path.join(data, 'models'),
  };
}

/** Whether this process may make files in a folder; of one that is not there, whether it may make it. */
export function isWritable(folder: string): boolean {
  if (!existsSync(folder)) return path.dirname(folder) !== folder && isWritable(path.dirname(folder));
  try {
    // The separator at the end makes it fail where it is a file.
    accessSync(`${folder}${path.sep}`, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether there are packages beside those that ship. */
function holdsOwnPackages(models: string): boolean {
  if (!existsSync(models)) return false;
  return readdirSync(models, { withFileTypes: true }).some(
    (entry) => entry.isDirectory() && !entry.name.startsWith('.') && !shippedPackages.includes(entry.name),
  );
}
