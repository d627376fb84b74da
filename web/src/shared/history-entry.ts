let made = 0;

/** A name for a new entry of the browser's history; no other entry has it, also after a reload. */
export function newEntry(): string {
  made++;
  return `${performance.timeOrigin} ${made}`;
}

/** Reads the name of an entry from what the browser keeps with it; that of the first one is empty. */
export function entryOf(state: unknown): string {
  const { entry }: { readonly entry?: unknown } = typeof state === 'object' && state !== null ? state : {};
  return typeof entry === 'string' ? entry : '';
}

/** The entry that is shown. What is kept under it is found again by who goes back, and not by who comes anew. */
export function currentEntry(): string {
  return entryOf(history.state);
}
