import { FigseekError } from './errors.js';

/** Of the operating system (no space, no quota, a limit on file sizes) and of SQLite. */
const codesOfFull = ['ENOSPC', 'EDQUOT', 'EFBIG', 'SQLITE_FULL'];

/** What was thrown, by name where it means that nothing more can be written. */
export function namedStorageFault(thrown: unknown, where: string): unknown {
  const code = codeOf(thrown);
  if (code === null || !codesOfFull.includes(code)) return thrown;
  return new FigseekError(
    'INSUFFICIENT_STORAGE',
    `Expected space for ${where} but the disk is full (${code}): free some, or move the data folder to a larger disk; nothing of this request was kept`,
    { cause: thrown },
  );
}

const codesOfUnwritable = ['EROFS', 'EACCES', 'EPERM', 'ENOTDIR'];

/** What writing a file threw, by name where the disk is full or the folder cannot be written. */
export function namedWriteFault(thrown: unknown, folder: string): unknown {
  const code = codeOf(thrown);
  if (code === null || !codesOfUnwritable.includes(code)) return namedStorageFault(thrown, folder);
  return new FigseekError(
    'INSUFFICIENT_STORAGE',
    `Expected to write to the folder ${folder} but the system refuses it (${code}): give the server the right to write there`,
    { cause: thrown },
  );
}

/** TypeORM keeps the error of its driver inside its own. */
function codeOf(thrown: unknown): string | null {
  if (typeof thrown !== 'object' || thrown === null) return null;
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code;
  return 'driverError' in thrown ? codeOf(thrown.driverError) : null;
}
