import { visibleText } from '../domain/visible-text.js';

/** Prints one JSON document (or one line of JSON lines) on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Prints one line for a person on standard output. */
export function printLine(line: string): void {
  process.stdout.write(`${visibleText(line)}\n`);
}

/** Prints one line for a person on standard error, where it is no part of the result. */
export function printNote(line: string): void {
  process.stderr.write(`${visibleText(line)}\n`);
}

/** A reader that has seen enough closes the pipe (`figseek search … | head`): that is the end of the work, not an error. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
