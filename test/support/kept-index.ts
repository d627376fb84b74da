import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { isEqual } from '../../src/adapters/hnsw/compare-generation.js';
import type { Database } from '../../src/adapters/sqlite/database.js';
import { openVectors } from './sqlite-vectors.js';

/** A copy of a kept database (test/upgrade), as the earlier version left it. @returns its data folder */
export function copyKept(kept: string): string {
  const data = path.join(mkdtempSync(path.join(tmpdir(), 'kept-')), 'data');
  mkdirSync(data);
  writeFileSync(path.join(data, 'figseek.db'), gunzipSync(readFileSync(path.join(kept, 'figseek.db.gz'))));
  return data;
}

/** What becomes of the index that was kept beside a database. */
export interface KeptIndex {
  /** The name of the kept generation. */
  readonly kept: string;
  /** The generation that serves. */
  readonly serving: string | null;
  readonly problems: readonly string[];
  /** Whether its vectors are those of the database. */
  readonly isEqual: boolean;
}

/** Opens the kept index over the database, and compares the two. */
export async function openKeptIndex(kept: string, database: Database): Promise<KeptIndex> {
  const [generation = ''] = readdirSync(kept).filter((name) => /^g\d+$/.test(name));
  const home = mkdtempSync(path.join(tmpdir(), 'kept-index-'));
  cpSync(path.join(kept, generation), path.join(home, generation), { recursive: true });
  const { manifest } = JSON.parse(readFileSync(path.join(kept, generation, 'manifest.json'), 'utf8')) as {
    readonly manifest: { readonly space: string; readonly dimensions: number };
  };
  const problems: string[] = [];
  const vectors = openVectors(
    database,
    { version: manifest.space, dimensions: manifest.dimensions },
    { home, engine: 'hnsw', onProblem: (problem) => problems.push(problem) },
  );
  try {
    const serving = await vectors.generation();
    const compared = await vectors.compare();
    return { kept: generation, serving, problems, isEqual: compared?.every(isEqual) === true };
  } finally {
    await vectors.close();
  }
}
