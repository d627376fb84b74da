/** Prints one JSON document (or one line of JSON lines) on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Prints one line for a person on standard output. */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
