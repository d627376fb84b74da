import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageRoot } from '../../src/app/config.js';
import { Database } from '../../src/adapters/sqlite/database.js';
import { newPlace, run, writeCorpus, type Place, type Server } from './figseek-process.js';
import { repositorySet } from '../golden/golden-sets.js';
import { dualEncoderManifest } from './package-manifests.js';
import { childProcessesOf } from './child-processes.js';

export interface Answer<Data> {
  readonly data?: Data;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

export async function askServer<Data = Record<string, unknown>>(
  { url }: Server,
  query: string,
  variables: object = {},
): Promise<Answer<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer<Data>;
}

/**
 * A models folder without a segmenter: a dual encoder has the name of the starter segmenter, which ships and is found otherwise.
 * @returns the environment that names it
 */
export function starterOnly(): Record<string, string> {
  const models = mkdtempSync(path.join(tmpdir(), 'models-'));
  cpSync(path.join(packageRoot, 'models', 'starter'), path.join(models, 'starter'), { recursive: true });
  const name = 'starter-segmenter';
  mkdirSync(path.join(models, name));
  writeFileSync(path.join(models, name, 'model.json'), JSON.stringify(dualEncoderManifest(name)));
  return { FIGSEEK_MODELS: models, FIGSEEK_INFERENCE_THREADS: '1' };
}

/** The starter beside the narrow golden segmenter, which works on 256 pixels here: its own size takes 16 times as long. */
export async function withSegmenter(place: Place): Promise<Record<string, string>> {
  const env = starterOnly();
  const { code, stderr } = await run(
    place,
    ['models', 'import', repositorySet('biomedparse').modelFolder(), '--as', 'narrow'],
    env,
  );
  if (code !== 0) throw new Error(stderr);
  const file = path.join(env['FIGSEEK_MODELS'] ?? '', 'narrow', 'model.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...manifest, imageSize: 256 }));
  return env;
}

export interface Corpus {
  readonly place: Place;
  /** The images of the figures lie beside it. */
  readonly file: string;
}

export async function corpusOf(count: number): Promise<Corpus> {
  const place = newPlace();
  const file = await writeCorpus(count);
  const { code, stderr } = await run(place, ['ingest', file]);
  if (code !== 0) throw new Error(stderr);
  return { place, file };
}

/** Every mask that was drawn raises it by one. */
export async function masksMade({ data }: Place): Promise<number> {
  const database = await Database.open(data);
  try {
    const [row] = await database.reader.query<{ value: string }[]>(
      `SELECT value FROM property WHERE name = 'masks_version'`,
    );
    return Number(row?.value);
  } finally {
    await database.close();
  }
}

/** The processes of a server that run a model; those that read images are left out. */
export function modelProcessesOf({ pid }: Server): readonly number[] {
  return childProcessesOf(pid).flatMap((child) => (child.command.includes('onnx/child.js') ? [child.pid] : []));
}
