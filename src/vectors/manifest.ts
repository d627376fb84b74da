import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { FigseekError, messageOf } from '../domain/errors.js';

const indexFile = z.strictObject({
  file: z.string().regex(/^[a-z]+\.hnsw$/),
  bytes: z.number().int().positive(),
  sha256: z.string().length(64),
  count: z.number().int().positive(),
  /** The last label inside; what comes after it is the delta's. */
  lastSeq: z.number().int().positive(),
});

const manifestSchema = z.strictObject({
  format: z.literal(1),
  generation: z.string(),
  /** Model version whose vectors are inside. */
  space: z.string(),
  dimensions: z.number().int().positive(),
  m: z.number().int(),
  efConstruction: z.number().int(),
  createdAt: z.iso.datetime(),
  /** Share of the true ten nearest that the index found on a sample of its own vectors. */
  recall: z.number(),
  indexes: z.strictObject({ IMAGE: indexFile.nullable(), CAPTION: indexFile.nullable() }),
});

/** From what a generation was made, and what its files must be. */
export type Manifest = Readonly<z.infer<typeof manifestSchema>>;
export type IndexFile = Readonly<z.infer<typeof indexFile>>;

export const manifestName = 'manifest.json';

/**
 * Reads a generation's manifest and checks every file of it, before native code sees one.
 * @throws {FigseekError} INDEX_UNAVAILABLE naming what does not fit
 */
export async function readManifest(folder: string, space: string, dimensions: number): Promise<Manifest> {
  let manifest: Manifest;
  try {
    manifest = manifestSchema.parse(JSON.parse(await readFile(path.join(folder, manifestName), 'utf8')));
  } catch (error) {
    throw new FigseekError('INDEX_UNAVAILABLE', `${folder} has no readable manifest: ${messageOf(error)}`);
  }
  if (manifest.space !== space || manifest.dimensions !== dimensions) {
    throw new FigseekError(
      'INDEX_UNAVAILABLE',
      `${folder} holds ${manifest.dimensions} dimensions of model ${manifest.space}, expected ${dimensions} of ${space}`,
    );
  }
  for (const entry of [manifest.indexes.IMAGE, manifest.indexes.CAPTION]) {
    if (entry !== null) await checkFile(path.join(folder, entry.file), entry);
  }
  return manifest;
}

async function checkFile(file: string, entry: IndexFile): Promise<void> {
  const actual = await describeFile(file).catch((error: unknown) => {
    throw new FigseekError('INDEX_UNAVAILABLE', `${file} cannot be read: ${messageOf(error)}`);
  });
  if (actual.bytes !== entry.bytes || actual.sha256 !== entry.sha256) {
    throw new FigseekError('INDEX_UNAVAILABLE', `${file} differs from its manifest (size or sha256)`);
  }
}

/** Size and sha256 of a file, read as a stream. */
export async function describeFile(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { bytes: (await stat(file)).size, sha256: hash.digest('hex') };
}
