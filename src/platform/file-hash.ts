import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** What the hub says of a file's bytes: sha256 of large files (LFS), git's own name (sha1) of the others. */
export interface FileHash {
  readonly kind: 'sha256' | 'git-blob';
  readonly hex: string;
}

export async function hashFile(file: string, kind: FileHash['kind']): Promise<string> {
  const hash = createHash(kind === 'sha256' ? 'sha256' : 'sha1');
  if (kind === 'git-blob') hash.update(`blob ${(await stat(file)).size}\0`);
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** Reads a hash as an ETag gives it; null where it is neither. */
export function parseHash(text: string | null | undefined): FileHash | null {
  const hex = text?.replace(/^W\//, '').replaceAll('"', '').toLowerCase() ?? '';
  if (/^[0-9a-f]{64}$/.test(hex)) return { kind: 'sha256', hex };
  if (/^[0-9a-f]{40}$/.test(hex)) return { kind: 'git-blob', hex };
  return null;
}
