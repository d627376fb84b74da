import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { FigseekError, messageOf } from '../../domain/errors.js';
import { sha256 } from '../../domain/ids.js';
import { engineNames } from './engine.js';

const plainFile = z.strictObject({
  file: z.string().regex(/^[a-z]+(?:-\d+)?\.(?:f32|seq|panels|hnsw|usearch)$/),
  bytes: z.number().int().positive(),
  sha256: z.string().length(64),
});

const graphFile = z.strictObject({ ...plainFile.shape, form: z.enum(['hnsw', 'usearch']), count: z.number().int() });

const kindEntry = z.strictObject({
  count: z.number().int().positive(),
  /** The last label inside; what comes after it is the delta's. */
  lastSeq: z.number().int().positive(),
  /** float32 [count, dimensions]. */
  vectors: plainFile,
  /** uint32 [count]: the label (`embedding.seq`) of each row, ascending. */
  labels: plainFile,
  /** uint32 [count]: the number of the panel of each row. Generations of version 0.1 have none: the database tells. */
  panels: plainFile.optional(),
  /** Together they hold every row once; none for the engine `exact`. */
  graphs: z.array(graphFile),
  /** Mean of all vectors: where this kind lies in the space (the modality gap). */
  mean: z.array(z.number()),
});

const manifestSchema = z.strictObject({
  format: z.literal(2),
  generation: z.string(),
  engine: z.enum(engineNames),
  /** Model version whose vectors are inside. */
  space: z.string(),
  dimensions: z.number().int().positive(),
  m: z.number().int(),
  efConstruction: z.number().int(),
  createdAt: z.iso.datetime(),
  /** Share of the true ten nearest that the index found on a sample of its own vectors. */
  recall: z.number(),
  kinds: z.strictObject({ IMAGE: kindEntry.nullable(), CAPTION: kindEntry.nullable() }),
});

/** From what a generation was made, and what its files must be. */
export type Manifest = Readonly<z.infer<typeof manifestSchema>>;
export type IndexFileEntry = Readonly<z.infer<typeof kindEntry>>;
export type FileEntry = Readonly<z.infer<typeof plainFile>>;

const manifestName = 'manifest.json';

/** The manifest carries the sha256 of its own text: a changed digit in it would be as wrong as one in a file. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeFile(path.join(folder, manifestName), signed(JSON.stringify(manifest)));
}

function signed(text: string): string {
  return `{"sha256":"${sha256(text)}","manifest":${text}}`;
}

const before = '{"sha256":"","manifest":'.length + 64;

async function readSigned(folder: string): Promise<Manifest> {
  const text = await readFile(path.join(folder, manifestName), 'utf8');
  const inner = text.slice(before, -1);
  if (signed(inner) !== text) throw new Error('its sha256 does not fit');
  return manifestSchema.parse(JSON.parse(inner));
}

/** What tells one publication from every other one: the hash over its manifest, which has those of all its files. */
export function manifestHash(manifest: Manifest): string {
  // The schema puts the keys in one order, whoever made the object.
  return sha256(JSON.stringify(manifestSchema.parse(manifest)));
}

/**
 * Reads a generation's manifest and checks every file of it, before native code sees one.
 * @throws {FigseekError} INDEX_UNAVAILABLE naming what does not fit
 */
export async function readManifest(folder: string, space: string, dimensions: number): Promise<Manifest> {
  let manifest: Manifest;
  try {
    manifest = await readSigned(folder);
  } catch (error) {
    throw new FigseekError('INDEX_UNAVAILABLE', `${folder} has no readable manifest: ${messageOf(error)}`);
  }
  if (manifest.space !== space || manifest.dimensions !== dimensions) {
    throw new FigseekError(
      'INDEX_UNAVAILABLE',
      `${folder} holds ${manifest.dimensions} dimensions of model ${manifest.space}, expected ${dimensions} of ${space}`,
    );
  }
  for (const entry of [manifest.kinds.IMAGE, manifest.kinds.CAPTION]) {
    if (entry !== null) await checkEntry(folder, entry, dimensions);
  }
  return manifest;
}

async function checkEntry(folder: string, entry: IndexFileEntry, dimensions: number): Promise<void> {
  const inGraphs = entry.graphs.reduce((sum, graph) => sum + graph.count, 0);
  const fits =
    entry.vectors.bytes === entry.count * dimensions * 4 &&
    entry.labels.bytes === entry.count * 4 &&
    (entry.panels === undefined || entry.panels.bytes === entry.count * 4) &&
    entry.mean.length === dimensions &&
    (entry.graphs.length === 0 || inGraphs === entry.count);
  if (!fits)
    throw new FigseekError('INDEX_UNAVAILABLE', `The sizes in the manifest of ${folder} contradict each other`);
  const panels = entry.panels === undefined ? [] : [entry.panels];
  for (const file of [entry.vectors, entry.labels, ...panels, ...entry.graphs])
    await checkFile(path.join(folder, file.file), file);
}

async function checkFile(file: string, entry: FileEntry): Promise<void> {
  const actual = await describeFile(file).catch((error: unknown) => {
    throw new FigseekError('INDEX_UNAVAILABLE', `${file} cannot be read: ${messageOf(error)}`);
  });
  if (actual.bytes !== entry.bytes || actual.sha256 !== entry.sha256) {
    throw new FigseekError('INDEX_UNAVAILABLE', `${file} differs from its manifest (size or sha256)`);
  }
}

/** Name, size and sha256 of a file, read as a stream. */
export async function describeFile(file: string): Promise<FileEntry> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return { file: path.basename(file), bytes: (await stat(file)).size, sha256: hash.digest('hex') };
}
