import { statfs } from 'node:fs/promises';
import { nativeState } from '../../adapters/hnsw/workers/native-addon.js';
import { resamplerState } from '../../imaging/preprocess/resample.js';
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

/** Whether the compiled addons are used. */
export function checkAddons(): readonly Finding[] {
  return [
    describeAddon('vector search', nativeState().reason, 'hnswlib-node'),
    describeAddon('resize of images', resamplerState().reason, 'JavaScript'),
  ];
}

/** @param reason why the addon is not used; null where it is @param instead what does its work then */
export function describeAddon(about: string, reason: string | null, instead: string): Finding {
  if (reason === null) return { about, state: 'ok', message: 'compiled for this processor' };
  const message = `done by ${instead}, which is slower: the compiled addon is not used, ${reason}`;
  return { about, state: 'note', message };
}
