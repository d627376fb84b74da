import { z } from 'zod';
import { FigseekError, messageOf } from '../domain/errors.js';
import { parseHash, type FileHash } from '../platform/file-hash.js';
import { HubClient } from './hub-client.js';
import { TransientError } from '../platform/http/transient-error.js';
import { stripControlCharacters } from './control-characters.js';

/** A file at one commit of a repository: what will be fetched, and how it is known to be right. */
export interface RemoteFile {
  readonly repository: string;
  readonly commit: string;
  readonly name: string;
  readonly bytes: number;
  readonly hash: FileHash;
}

interface ListedFile {
  readonly bytes: number | null;
  readonly hash: FileHash | null;
}

/** What a repository is at one commit. */
export interface Snapshot {
  readonly repository: string;
  readonly commit: string;
  /** As its model card states it. */
  readonly license: string | null;
  readonly files: ReadonlyMap<string, ListedFile>;
}

const snapshotSchema = z.object({
  sha: z.string().regex(/^[0-9a-f]{40,64}$/),
  cardData: z
    .object({ license: z.union([stripControlCharacters, z.array(stripControlCharacters)]).nullish() })
    .nullish()
    .catch(null),
  siblings: z.array(
    z.object({
      rfilename: stripControlCharacters,
      size: z.number().int().nonnegative().nullish(),
      blobId: z.string().nullish(),
      lfs: z.object({ sha256: z.string(), size: z.number().int().nonnegative() }).nullish(),
    }),
  ),
});

// Far above the answer for a repository of a thousand files.
const maxResponseBytes = 16 * 2 ** 20;

/** Asks what the branch `main` is now; later questions name the commit, so that all files belong together. */
export async function readSnapshot(client: HubClient, repository: string): Promise<Snapshot> {
  const what = `the repository ${repository}`;
  const path = `/api/models/${repository}/revision/main?blobs=true`;
  const { body } = await client.ask({ path, repository, what, headers: { accept: 'application/json' } });
  const parsed = snapshotSchema.safeParse(parseJson(await readText(body, what)));
  if (!parsed.success) {
    throw new FigseekError(
      'MODEL_UNAVAILABLE',
      `${client.pageOf(repository)} does not answer as a model hub does; check FIGSEEK_HUB_URL`,
    );
  }
  const { sha, cardData, siblings } = parsed.data;
  const license = cardData?.license ?? null;
  return {
    repository,
    commit: sha,
    license: Array.isArray(license) ? license.join(', ') : license,
    files: new Map(
      siblings.map(({ rfilename, size, blobId, lfs }) => [
        rfilename,
        // The blobId of a large file is that of its pointer.
        lfs == null
          ? { bytes: size ?? null, hash: parseHash(blobId) }
          : { bytes: lfs.size, hash: parseHash(lfs.sha256) },
      ]),
    ),
  };
}

/** Size and hash of a file; what a mirror leaves out of its list is asked for by HEAD. */
export async function describeFile(client: HubClient, snapshot: Snapshot, name: string): Promise<RemoteFile> {
  const { repository, commit } = snapshot;
  const listed = snapshot.files.get(name);
  if (listed?.bytes != null && listed.hash !== null) {
    return { repository, commit, name, bytes: listed.bytes, hash: listed.hash };
  }
  const what = `${repository}/${name}`;
  const { headers, body } = await client.ask({
    method: 'HEAD',
    path: resolvePath(snapshot, name),
    repository,
    what,
  });
  body.destroy();
  const bytes = Number(headers['x-linked-size'] ?? headers['content-length'] ?? NaN);
  const hash = parseHash(String(headers['x-linked-etag'] ?? headers['etag'] ?? ''));
  const saidCommit = headers['x-repo-commit'];
  if (!Number.isSafeInteger(bytes) || hash === null || (saidCommit !== undefined && saidCommit !== commit)) {
    throw new FigseekError(
      'MODEL_UNAVAILABLE',
      `The hub tells no size and hash of ${what}, so that it could not be checked; is FIGSEEK_HUB_URL a model hub?`,
    );
  }
  return { repository, commit, name, bytes, hash };
}

export function resolvePath(of: { readonly repository: string; readonly commit: string }, name: string): string {
  return `/${of.repository}/resolve/${of.commit}/${name.split('/').map(encodeURIComponent).join('/')}`;
}

async function readText(body: AsyncIterable<unknown>, what: string): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      const piece = chunk as Buffer;
      length += piece.length;
      if (length > maxResponseBytes) throw new FigseekError('MODEL_UNAVAILABLE', `The answer for ${what} is too long`);
      chunks.push(piece);
    }
  } catch (error) {
    if (error instanceof FigseekError) throw error;
    throw new TransientError(`the answer for ${what} broke off: ${messageOf(error)}`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
