import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Atlas } from '../../domain/atlas.js';
import { messageOf } from '../../domain/errors.js';
import { writeFileAtomic } from '../../platform/atomic-file.js';
import { withProcessLock } from '../../platform/file-lock.js';
import { AtlasStore } from '../../ports/atlas-store.js';
import { decodeAtlas, encodeAtlas } from './atlas-file.js';

const fileName = /^atlas-(a\d{17})\.bin$/;
/** What was left by a process that was killed while it wrote (`writeFileAtomic`). */
const unfinished = /^\.atlas-a\d{17}\.bin\./;
/** A file of this age is written by nobody any more. */
const abandonedMs = 60_000;
const lockName = 'atlas';

/** Maps as files beside the generations of the index that they were made from. */
export class AtlasFileStore extends AtlasStore {
  private readonly invalid = new Set<string>();

  /**
   * @param folderOf the folder of a model version's indexes
   * @param onProblem told once of each map that cannot be read
   */
  constructor(
    private readonly folderOf: (space: string) => string,
    private readonly onProblem: (message: string) => void,
  ) {
    super();
  }

  async read(space: string, known: Atlas | null): Promise<Atlas | null> {
    const folder = this.folderOf(space);
    for (const { name, id } of await listAtlases(folder)) {
      if (known?.space === space && id <= known.id) return known;
      if (this.invalid.has(name)) continue;
      const atlas = await this.open(path.join(folder, name));
      if (atlas?.space === space) return atlas;
      this.invalid.add(name);
    }
    return null;
  }

  async save(atlas: Atlas): Promise<void> {
    const folder = this.folderOf(atlas.space);
    await writeFileAtomic(path.join(folder, `atlas-${atlas.id}.bin`), encodeAtlas(atlas));
    for (const { name, id } of await listAtlases(folder))
      if (id < atlas.id) await rm(path.join(folder, name), { force: true });
    await removeAbandoned(folder);
  }

  async exclusively<Result>(space: string, work: () => Promise<Result>): Promise<Result> {
    const folder = this.folderOf(space);
    await mkdir(folder, { recursive: true });
    return withProcessLock(folder, lockName, work, 'is making the same map');
  }

  private async open(file: string): Promise<Atlas | null> {
    try {
      return decodeAtlas(await readFile(file));
    } catch (error) {
      this.onProblem(`The map ${file} is passed over: ${messageOf(error)}`);
      return null;
    }
  }
}

/** The newest first. */
async function listAtlases(folder: string): Promise<readonly { readonly name: string; readonly id: string }[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .map((name) => ({ name, id: fileName.exec(name)?.[1] ?? '' }))
    .filter(({ id }) => id !== '')
    .sort((one, other) => (one.id < other.id ? 1 : -1));
}

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((one) => unfinished.test(one))) {
    const file = path.join(folder, name);
    const writtenAt = await stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - writtenAt > abandonedMs) await rm(file, { force: true });
  }
}
