import { lstat, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { LRUCache } from 'lru-cache';

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

/**
 * The same text for all ways in which a relative path is written: with `/` or with `\` of Windows, with `./` before it, and with
 * “ü” as one character or as two.
 */
export function relativePathKey(name: string): string {
  return path.posix.normalize(name.replaceAll('\\', '/')).normalize('NFC');
}

async function nameIn(folder: string, part: string): Promise<string | null> {
  const isThere = await lstat(path.join(folder, part)).then(
    () => true,
    () => false,
  );
  if (isThere) return part;
  return (await namesOf(folder)).byForm.get(part.normalize('NFC')) ?? null;
}

/** A name that differs by capitals alone: it is told, not taken. */
async function otherCase(folder: string, part: string): Promise<string | null> {
  return (await namesOf(folder)).byLetters.get(part.normalize('NFC').toLowerCase()) ?? null;
}

interface Names {
  /** When the folder last changed. */
  readonly changedMs: number;
  /** Unicode's composed form → the name as it is. */
  readonly byForm: ReadonlyMap<string, string>;
  /** The composed form in lower case → the name as it is. */
  readonly byLetters: ReadonlyMap<string, string>;
}

/** A half-copied data set lacks thousands of images of one folder: it is read once. */
const known = new LRUCache<string, Names>({ max: 16 });

async function namesOf(folder: string): Promise<Names> {
  const changedMs = (await stat(folder).catch(() => null))?.mtimeMs ?? 0;
  const kept = known.get(folder);
  if (kept?.changedMs === changedMs) return kept;
  // Of names that look the same, the first in order counts.
  const names = (await readdir(folder).catch(() => [])).sort().reverse();
  const byForm = new Map(names.map((name) => [name.normalize('NFC'), name]));
  const byLetters = new Map(names.map((name) => [name.normalize('NFC').toLowerCase(), name]));
  const read = { changedMs, byForm, byLetters };
  known.set(folder, read);
  return read;
}
