import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { FigseekError } from '../../domain/errors.js';

/** The largest image of an archive that is read. */
const maxImage = 512 * 1024 ** 2;

const tarSuffix = /\.(?:tar\.gz|tgz|tar)$/i;

export function isTarName(name: string): boolean {
  return tarSuffix.test(name);
}

export function withoutTarSuffix(name: string): string {
  return name.replace(tarSuffix, '');
}

/** A file, folder or link of an archive, with its content. */
export interface TarEntry {
  readonly header: Pick<Header, 'name' | 'size' | 'type'>;
  readonly stream: AsyncIterable<Uint8Array>;
}

/**
 * What a tar archive holds, in its order; `.gz` and `.tgz` are unpacked on the way, and nothing is written to the disk.
 * Content that is not read is passed over.
 * @throws {Error} where the archive is damaged
 */
export async function* tarEntries(file: string): AsyncGenerator<TarEntry> {
  const entries = extract();
  const ended = new AbortController();
  const end = entries as unknown as NodeJS.WritableStream;
  const { signal } = ended;
  const fed = file.toLowerCase().endsWith('.tar')
    ? pipeline(createReadStream(file), end, { signal })
    : pipeline(createReadStream(file), createGunzip(), end, { signal });
  // It fails where the archive is damaged, which the entries tell too.
  fed.catch(() => undefined);
  try {
    for await (const entry of entries) {
      yield { header: entry.header, stream: entry as AsyncIterable<Uint8Array> };
      entry.resume();
    }
    await fed;
  } finally {
    ended.abort();
  }
}

/** The content of an entry at once. @throws {FigseekError} PAYLOAD_TOO_LARGE */
export async function readEntry({ header, stream }: TarEntry): Promise<Uint8Array> {
  if (header.size > maxImage) {
    throw new FigseekError(
      'PAYLOAD_TOO_LARGE',
      `${header.name} has ${header.size} bytes; expected at most ${maxImage}`,
    );
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
