import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * The file that a relative name means, where no file has exactly this name: one whose name looks the same. A disk of macOS
 * keeps “ü” as two characters, a record written elsewhere as one.
 * @returns its name, or what stands in the place of the first part that is absent
 */
export async function findLookalike(
  root: string,
  name: string,
): Promise<{ readonly found: string } | { readonly absent: string; readonly other: string | null }> {
  let found = '';
  for (const part of name.split(/[\\/]/)) {
    const folder = path.join(root, found);
    const actual = await nameIn(folder, part);
    if (actual === null) return { absent: path.join(found, part), other: await otherCase(folder, part) };
    found = path.join(found, actual);
  }
  return { found };
}

async function nameIn(folder: string, part: string): Promise<string | null> {
  const isThere = await lstat(path.join(folder, part)).then(
    () => true,
    () => false,
  );
  if (isThere) return part;
  const form = part.normalize('NFC');
  return (await namesOf(folder)).find((name) => name.normalize('NFC') === form) ?? null;
}

/** A name that differs by capitals alone: it is told, not taken. */
async function otherCase(folder: string, part: string): Promise<string | null> {
  const form = part.normalize('NFC').toLowerCase();
  return (await namesOf(folder)).find((name) => name.normalize('NFC').toLowerCase() === form) ?? null;
}

async function namesOf(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}
