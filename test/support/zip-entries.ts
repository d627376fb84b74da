import { fromBufferPromise } from 'yauzl';

/** The files of a zip archive with their contents, in their order. */
export async function zipEntries(bytes: Uint8Array): Promise<ReadonlyMap<string, Buffer>> {
  const zip = await fromBufferPromise(Buffer.from(bytes));
  const found = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(Buffer.from(chunk as Uint8Array));
    found.set(entry.fileName, Buffer.concat(chunks));
  }
  return found;
}
