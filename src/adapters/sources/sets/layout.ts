import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError } from '../../../domain/errors.js';
import type { SetRequest, SetSplit } from '../../../domain/public-set.js';

/** A set in which something is not as it is published: what was expected, and what lies there. */
export async function layoutError(folder: string, set: string, expected: string): Promise<FigseekError> {
  const names = await namesIn(folder);
  const shown = names.slice(0, shownNames).join(', ');
  const more = names.length > shownNames ? `, and ${names.length - shownNames} more` : '';
  const found = names.length === 0 ? 'nothing' : `${shown}${more}`;
  return new FigseekError('BAD_USER_INPUT', `${folder} is no ${set}: expected ${expected} but found ${found}`);
}

const shownNames = 12;

/** Names in a folder, in order; none where there is no such folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.sort(byNumber);
}

/** `a2` before `a10`, so that the order is that of the set. */
const { compare: byNumber } = new Intl.Collator('en', { numeric: true });

export async function isFolder(place: string): Promise<boolean> {
  return (await stat(place).catch(() => null))?.isDirectory() ?? false;
}

export async function isFile(place: string): Promise<boolean> {
  return (await stat(place).catch(() => null))?.isFile() ?? false;
}

/** The first of some folders, relative to `folder`, that is there; null for none. */
export async function firstFolder(folder: string, names: readonly string[]): Promise<string | null> {
  for (const name of names) if (await isFolder(path.join(folder, name))) return name;
  return null;
}

/** The part that is asked for. @throws {FigseekError} BAD_USER_INPUT where the set is not published with it */
export function splitOf({ split }: SetRequest, set: string, splits: readonly SetSplit[]): SetSplit {
  const asked = split ?? 'test';
  if (splits.includes(asked)) return asked;
  throw new FigseekError('BAD_USER_INPUT', `Expected --split ${splits.join(' or ')} for ${set} but received ${asked}`);
}

/** @throws {FigseekError} BAD_USER_INPUT where a part is asked for of a set that has none */
export function refuseSplit({ split }: SetRequest, set: string): void {
  if (split === null) return;
  throw new FigseekError(
    'BAD_USER_INPUT',
    `Expected no --split for ${set}, which is published whole, but received ${split}`,
  );
}
