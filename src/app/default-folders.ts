import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { shippedPackages } from '../model-packages/shipped-packages.js';

/*
 * Where indexes and model packages lie where no setting names a folder for them: the folder that figseek is installed in,
 * as in a clone, or the data folder, where who runs it cannot write there, as in an installation for all users of a machine,
 * or where npm installed it as a package, whose folder npm replaces by that of the next version.
 */

/**
 * Indexes that lie in the package's folder are not looked for where nothing can be kept there: they have to be written, and
 * are made again from the database.
 * @param packageRoot the folder that figseek is installed in
 * @param data the data folder, which need not be there
 * @param canWrite whether this process may make files in a folder
 */
export function defaultIndexesFolder(packageRoot: string, data: string, canWrite = isWritable): string {
  const installed = path.join(packageRoot, 'indexes');
  return canKeep(installed, canWrite) ? installed : path.join(data, 'indexes');
}

/** Packages that lie in the package's folder are found there, also where it cannot be written. Parameters as above. */
export function defaultModelsFolder(packageRoot: string, data: string, canWrite = isWritable): string {
  const installed = path.join(packageRoot, 'models');
  return holdsOwnPackages(installed) || canKeep(installed, canWrite) ? installed : path.join(data, 'models');
}

/** Whether what is written into the folder stays there. */
function canKeep(folder: string, canWrite: (folder: string) => boolean): boolean {
  return !folder.split(path.sep).includes('node_modules') && canWrite(folder);
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

/** Whether there are packages beside those that ship. A folder that is absent or cannot be read holds none. */
function holdsOwnPackages(models: string): boolean {
  return namesIn(models).some(
    (name) => !name.startsWith('.') && !shippedPackages.includes(name) && isFolder(path.join(models, name)),
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Whether it is a folder or a link to one: the registry of packages reads both. */
function isFolder(file: string): boolean {
  try {
    return statSync(file).isDirectory();
  } catch {
    return false;
  }
}
