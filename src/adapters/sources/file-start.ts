import { open, stat } from 'node:fs/promises';

/** The first bytes of a file. @throws {Error} of the system where it cannot be read */
export async function readStart(file: string, length: number): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await handle.read(bytes, 0, length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Whether the first bytes of a file are of a kind; false for what is no file, or cannot be read. */
export async function startsAs(file: string, length: number, isKind: (start: Uint8Array) => boolean): Promise<boolean> {
  try {
    // Asked before it is opened: a pipe would keep the reader waiting for ever.
    return (await stat(file)).isFile() && isKind(await readStart(file, length));
  } catch {
    return false;
  }
}
