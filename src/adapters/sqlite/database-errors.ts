import { FigseekError, messageOf } from '../../domain/errors.js';

/** SQLite's error as a person can use it: what holds the database, what is wrong with it, and what to do; else the error itself. */
export function explainDatabaseError(error: unknown, file: string): unknown {
  if (error instanceof FigseekError) return error;
  const message = messageOf(error);
  if (/SQLITE_(?:BUSY|LOCKED)/.test(message)) {
    return new FigseekError(
      'TIMEOUT',
      `Another process writes to the database and held it for ${busyTimeoutMs / 1000} seconds: an ingest, a model switch, a server or a database tool. Wait until it is done, or end it, and try again`,
      { cause: error },
    );
  }
  if (/SQLITE_(?:NOTADB|CORRUPT|FORMAT)/.test(message)) {
    return new FigseekError(
      'BAD_USER_INPUT',
      `${file} is damaged or is no SQLite database: put a copy of it back, or give another folder by --data (${message})`,
      { cause: error },
    );
  }
  if (/SQLITE_(?:READONLY|CANTOPEN|PERM)/.test(message)) {
    return new FigseekError(
      'BAD_USER_INPUT',
      `${file} cannot be opened for writing: check the rights of the file and its folder (${message})`,
      { cause: error },
    );
  }
  return error;
}

/** How long a write waits for another process's. */
export const busyTimeoutMs = 20_000;
