import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

/** A file of an archive. */
export interface ArchivedFile {
  readonly name: string;
  /** Read when its turn comes, so that one file is in memory at a time. */
  readonly read: () => Promise<Uint8Array>;
  /** Whether it is worth to compress it: images are compressed already. */
  readonly isCompressed: boolean;
}

/**
 * A zip archive, as it is made: the only use of yazl. Reading it to its end, or giving it up, ends the work.
 * @param files names with `/` between folders, relative and each once
 * @throws what `read` of a file throws, while it is read
 */
export async function* zipStream(files: AsyncIterable<ArchivedFile>): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile();
  const output = Readable.from(zip.outputStream) as Readable & AsyncIterable<Uint8Array>;
  zip.on('error', (error: Error) => output.destroy(error));
  const added = addAll(zip, files);
  added.catch((error: unknown) => output.destroy(error instanceof Error ? error : new Error(String(error))));
  yield* output;
  await added;
}

async function addAll(zip: ZipFile, files: AsyncIterable<ArchivedFile>): Promise<void> {
  for await (const { name, read, isCompressed } of files) {
    zip.addReadStreamLazy(name, { compress: isCompressed }, (callback) => {
      read().then(
        (bytes) => {
          callback(null, Readable.from([bytes]));
        },
        (error: unknown) => {
          callback(error, Readable.from([]));
        },
      );
    });
  }
  zip.end();
}
