import { createHash } from 'node:crypto';

interface HubFile {
  readonly bytes: Buffer;
  /** Large files are kept by their sha256 and served by another address. */
  readonly lfs: boolean;
}

export interface HubContent {
  readonly license?: string;
  readonly gatedBy?: string;
  /** A mirror that lists names only: size and hash are to be asked for. */
  readonly bareList?: boolean;
  readonly files: Readonly<Record<string, HubFile>>;
}

/** What the API of a hub says of a repository. */
export function listOf(repository: string, { license, files, bareList }: HubContent): unknown {
  const siblings = Object.entries(files).map(([rfilename, { bytes, lfs }]) => {
    if (bareList === true) return { rfilename };
    const pointer = { rfilename, size: bytes.length, blobId: gitHash(lfs ? Buffer.from('pointer') : bytes) };
    return lfs ? { ...pointer, lfs: { sha256: sha256(bytes), size: bytes.length, pointerSize: 134 } } : pointer;
  });
  return { id: repository, sha: commitOf(repository), gated: false, cardData: { license }, siblings };
}

/** A commit is a sha1 of something. */
export function commitOf(repository: string): string {
  return createHash('sha1').update(repository).digest('hex');
}

// A hub has its hashes at hand; to make them at each answer would slow the server that tests run against.
const hashes = new WeakMap<Uint8Array, string>();

export function sha256(bytes: Uint8Array): string {
  const hash = hashes.get(bytes) ?? createHash('sha256').update(bytes).digest('hex');
  hashes.set(bytes, hash);
  return hash;
}

/** Git’s name of a file. */
export function gitHash(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
