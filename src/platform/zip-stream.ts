import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

/** A file of an archive. */
export interface ArchivedFile {
  readonly name: string;
  /** Asked for when its turn comes, so that one file is read at a time. */
  readonly content: () => AsyncIterable<Uint8Array | string>;
  /** Whether it is worth to compress it: images are compressed already. */
  readonly isCompressed: boolean;
}

/**
 * A zip archive, as it is made: the only use of yazl. Reading it to its end, or giving it up, ends the work.
 * @param files names with `/` between folders, relative and each once
 * @throws what the content of a file throws, while it is read
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
  for await (const { name, content, isCompressed } of files) {
    zip.addReadStreamLazy(name, { compress: isCompressed }, (callback) => {
      const stream = Readable.from(content());
      // yazl does not look at errors of what it reads.
      stream.on('error', (error) => zip.emit('error', error));
      callback(null, stream);
    });
  }
  zip.end();
}
