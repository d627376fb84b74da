import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const fileName = 'owners.json';
const ownersSchema = z.object({ databases: z.array(z.string()) });

/**
 * Index folders lie apart from the databases that they are made from: one folder for each database id. `owners.json` in it
 * names the database files, so that a folder whose databases are all gone can be deleted. A copy of a database has its
 * id, and so its folder.
 */
export async function claimIndexFolder(folder: string, databaseFile: string): Promise<readonly string[]> {
  const known = await readOwners(folder);
  const owners = [...new Set([...(known ?? []), path.resolve(databaseFile)])].filter((file) => existsSync(file));
  if (known === null || owners.length !== known.length || owners.some((file) => !known.includes(file))) {
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, fileName), JSON.stringify({ databases: owners }));
  }
  return owners;
}

/** Deletes the index folders whose databases are all gone. One that names no database is older than these names, and stays. */
export async function sweepIndexFolders(indexes: string): Promise<readonly string[]> {
  const swept: string[] = [];
  for (const name of await readdir(indexes).catch(() => [])) {
    const folder = path.join(indexes, name);
    const owners = await readOwners(folder);
    if (owners === null || owners.some((file) => existsSync(file))) continue;
    await rm(folder, { recursive: true, force: true });
    swept.push(name);
  }
  return swept;
}

async function readOwners(folder: string): Promise<readonly string[] | null> {
  try {
    return ownersSchema.parse(JSON.parse(await readFile(path.join(folder, fileName), 'utf8'))).databases;
  } catch {
    return null;
  }
}
