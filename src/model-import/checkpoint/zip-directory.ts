import type { FileHandle } from 'node:fs/promises';
import { fromFdPromise } from 'yauzl';

/** Bytes of a stored (uncompressed) zip entry, by their place in the file. */
export interface StoredEntry {
  readonly start: number;
  readonly size: number;
  /** CRC-32 of the bytes, as the directory gives it. */
  readonly crc32: number;
}

/**
 * The central directory of a torch checkpoint. Entries are never inflated and never written to disk; compressed
 * ones, which torch does not make, are refused before a byte of them is read.
 * @throws {Error} saying what is wrong
 */
export async function readZipDirectory(
  handle: FileHandle,
  fileSize: number,
): Promise<ReadonlyMap<string, StoredEntry>> {
  const zip = await fromFdPromise(handle.fd, { lazyEntries: true, autoClose: false, strictFileNames: true });
  const found = new Map<string, StoredEntry>();
  for await (const entry of zip.eachEntry()) {
    const { fileName, compressedSize, uncompressedSize: size, crc32 } = entry;
    if (entry.compressionMethod !== 0 || compressedSize !== size) {
      throw new Error(`its entry ${fileName} is compressed; torch stores entries as they are`);
    }
    const { fileDataStart: start } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    if (start + size > fileSize) throw new Error(`its entry ${fileName} ends past the file`);
    found.set(fileName, { start, size, crc32 });
  }
  return found;
}
