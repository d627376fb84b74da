import { statfs } from 'node:fs/promises';
import { nativeState } from '../../adapters/hnsw/workers/native-addon.js';
import { pixelsAddon } from '../../imaging/pixels-addon.js';
import type { Config } from '../config.js';
import { isWritable } from '../default-folders.js';
import type { Finding } from './finding.js';

/** Whether the disk of the data folder has room. @param data need not be there yet */
export async function checkDisk(data: string): Promise<Finding> {
  const folder = await statfs(data).catch(() => statfs('.'));
  return describeRoom((folder.bavail * folder.bsize) / 2 ** 30);
}

/** @param gibibytes that are free */
export function describeRoom(gibibytes: number): Finding {
  const message = `${gibibytes.toFixed(1)} GiB free`;
  return gibibytes < 1
    ? { about: 'disk', state: 'wrong', message: `${message}; an ingest may fill it: make room` }
    : { about: 'disk', state: 'ok', message };
}

/** Which folders are in force, and whether they can be written. @param canWrite whether this process may make files in one */
export function checkFolders(
  { data, indexes, models }: Pick<Config, 'data' | 'indexes' | 'models'>,
  canWrite = isWritable,
): readonly Finding[] {
  const folders = [
    { about: 'data folder', folder: data, variable: 'FIGSEEK_DATA', unwritable: 'wrong' },
    { about: 'index folder', folder: indexes, variable: 'FIGSEEK_INDEXES', unwritable: 'wrong' },
    // Packages that lie there can be used; only others cannot be added.
    { about: 'model folder', folder: models, variable: 'FIGSEEK_MODELS', unwritable: 'note' },
  ] as const;
  return folders.map(({ about, folder, variable, unwritable }) =>
    canWrite(folder)
      ? { about, state: 'ok', message: folder }
      : { about, state: unwritable, message: `${folder} cannot be written; set ${variable} to a folder that can` },
  );
}

/** Whether the compiled addons are used. */
export function checkAddons(): readonly Finding[] {
  return [
    describeAddon('vector search', nativeState().reason, 'hnswlib-node'),
    describeAddon('resize and blur of images', pixelsAddon().reason, 'JavaScript'),
  ];
}

/** @param reason why the addon is not used; null where it is @param instead what does its work then */
export function describeAddon(about: string, reason: string | null, instead: string): Finding {
  if (reason === null) return { about, state: 'ok', message: 'compiled for this processor' };
  const message = `done by ${instead}, which is slower: the compiled addon is not used, ${reason}`;
  return { about, state: 'note', message };
}
