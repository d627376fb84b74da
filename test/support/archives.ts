import { pack } from 'tar-stream';

/** A tar archive. @param files names, or headers of links, with their content */
export async function packageOf(
  files: readonly (readonly [string | { readonly name: string }, string | Buffer])[],
): Promise<Buffer> {
  const archive = pack();
  for (const [header, content] of files) archive.entry(typeof header === 'string' ? { name: header } : header, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
