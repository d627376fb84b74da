import { readFile } from 'node:fs/promises';

/** A file of uint32 numbers of a generation: labels or panels. */
export async function readNumbers(file: string): Promise<Uint32Array> {
  return new Uint32Array(new Uint8Array(await readFile(file)).buffer);
}
