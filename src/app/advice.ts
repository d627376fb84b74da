import path from 'node:path';

/**
 * A command that can be pasted as it is: it runs the figseek of this folder, on the data that is in use.
 * @param command as “models use starter”
 * @param data the data folder
 */
export function advice(command: string, data: string): string {
  const usual = path.resolve('data');
  return `npx figseek ${command}${data === usual ? '' : ` --data ${quoted(data)}`}`;
}

/** A value as one word of a POSIX shell. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
