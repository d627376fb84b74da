import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { checkSpace } from '../platform/free-space.js';
import type { LicenseAcceptance } from '../model-packages/package-manifest.js';
import { downloadFile, type DownloadOptions } from './file-download.js';
import type { HubClient } from './hub-client.js';
import { partFilesOf, receivedOf } from './part-file.js';
import type { PullPlan } from './pull-plan.js';
import { writePullRecord } from './pull-record.js';

export interface PullFilesOptions extends Pick<DownloadOptions, 'note' | 'part' | 'policy'> {
  readonly modelsDir: string;
  /** Bytes that the import will write beside the downloads. */
  readonly importBytes: number;
  readonly consent: LicenseAcceptance;
  /** Bytes that are there, and how many of them an earlier run had fetched. */
  readonly onProgress: (received: number, resumed: number) => void;
}

/** Where the files of models lie until they are imported, one folder a model. */
export function downloadsOf(modelsDir: string): string {
  return path.join(modelsDir, '.downloads');
}

/**
 * Fetches the files of a plan, one after the other, large ones by several connections. The caller holds the lock.
 * @returns the folder that holds them
 * @throws {FigseekError} in one line; what was fetched is kept for the next call
 */
export async function pullFiles(client: HubClient, plan: PullPlan, options: PullFilesOptions): Promise<string> {
  const folder = path.join(downloadsOf(options.modelsDir), plan.model.name);
  await mkdir(folder, { recursive: true });
  await clear(folder, plan);
  const resumed = await presentBytes(folder, plan);
  await checkSpace(folder, totalBytes(plan) - resumed, options.importBytes);
  let before = 0;
  for (const file of plan.files) {
    const start = before;
    await downloadFile(client, file, path.join(folder, file.name), {
      ...options,
      onProgress: (received) => options.onProgress(start + received, resumed),
    });
    before += file.bytes;
  }
  await writePullRecord(folder, plan, options.consent);
  return folder;
}

export function totalBytes({ files }: PullPlan): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * Deletes what an earlier pull left and this one does not need: files of other names, which the import could take for
 * its own, and parts of other contents, whose room is free again before it is counted.
 */
async function clear(folder: string, plan: PullPlan): Promise<void> {
  const needed = new Set<string>();
  for (const file of plan.files) {
    const target = path.join(folder, file.name);
    needed.add(file.name);
    if ((await receivedOf(target, file)) > 0) for (const name of partFilesOf(file.name)) needed.add(name);
  }
  for (const name of await readdir(folder)) {
    if (!needed.has(name)) await rm(path.join(folder, name), { recursive: true });
  }
}

async function presentBytes(folder: string, plan: PullPlan): Promise<number> {
  let sum = 0;
  for (const file of plan.files) {
    const target = path.join(folder, file.name);
    const size = await stat(target).then(
      (found) => found.size,
      () => -1,
    );
    sum += size === file.bytes ? size : await receivedOf(target, file);
  }
  return sum;
}
