import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../../domain/errors.js';
import type { Found } from './messages.js';

/** One HNSW graph, shared by all workers that name the same key. */
export interface NativeGraph {
  add(rows: Uint32Array, vectors: Float32Array): void;
  search(queries: Float32Array, k: number, ef: number, allowed: Uint8Array | null): Found;
  save(file: string): void;
  count(): number;
  close(): void;
}

/** A file of vectors by memory map. */
interface NativeVectorFile {
  nearest(queries: Float32Array, k: number, allowed: Uint8Array | null): Found;
  scores(query: Float32Array, rows: Uint32Array): Float32Array;
  read(rows: Uint32Array, into: Float32Array): void;
  close(): void;
}

/** What `native/vectors.cc` gives. */
export interface NativeAddon {
  readonly version: number;
  readonly HnswIndex: new (
    ...form:
      | [
          kind: 'create',
          key: string,
          dimensions: number,
          capacity: number,
          m: number,
          efConstruction: number,
          seed: number,
        ]
      | [kind: 'open', key: string, dimensions: number, file: string, count: number]
  ) => NativeGraph;
  readonly VectorFile: new (file: string, dimensions: number, count: number) => NativeVectorFile;
  /** Exact search of vectors in memory; `vectors` is float32 [count, dimensions]. */
  readonly nearestOf: (
    vectors: Float32Array,
    dimensions: number,
    queries: Float32Array,
    k: number,
    allowed: Uint8Array | null,
    firstRow: number,
  ) => Found;
  /** For each of the vectors those before it whose inner product is at least `least`. */
  readonly pairsOf: (vectors: Float32Array, dimensions: number, least: number) => Found;
}

export type NativeState =
  { readonly addon: NativeAddon; readonly reason: null } | { readonly addon: null; readonly reason: string };

/** Of `native/vectors.cc`: a binary may be left from before an update. */
const version = 3;

const home = new URL('../../../../native/build/', import.meta.url);
let state: NativeState | null = null;

/**
 * The addon compiled for this machine's processor (`npm run native`), or why it is not used. `FIGSEEK_NATIVE=0` puts it
 * aside, for comparison and for tests.
 */
export function nativeState(): NativeState {
  return (state ??= load());
}

function load(): NativeState {
  if (process.env['FIGSEEK_NATIVE'] === '0') return absent('FIGSEEK_NATIVE is 0');
  const file = fileURLToPath(new URL('Release/vectors.node', home));
  if (!existsSync(file)) return absent('it is not built: run `npm run native` (it needs a C++ compiler)');
  try {
    // A binary for another processor ends the process at its first unknown instruction: compare before it is loaded.
    const built = JSON.parse(readFileSync(new URL('processor.json', home), 'utf8')) as unknown;
    const missing = features(built).filter((feature) => !processorFeatures().includes(feature));
    if (missing.length > 0) {
      return absent(`it was built for a processor with ${missing.slice(0, 3).join(', ')}: run \`npm run native\` here`);
    }
    const addon = createRequire(import.meta.url)(file) as NativeAddon;
    if (addon.version !== version) return absent('it was built from another version: run `npm run native`');
    return { addon, reason: null };
  } catch (error) {
    return absent(`it cannot be loaded: ${messageOf(error)}`);
  }
}

function absent(reason: string): NativeState {
  return { addon: null, reason };
}

function features(built: unknown): readonly string[] {
  if (Array.isArray(built)) return built.map(String);
  throw new Error('native/build/processor.json is no list');
}

/** What the processor can do where the system tells it (Linux), else its name. */
function processorFeatures(): readonly string[] {
  if (process.platform !== 'linux') return [cpus()[0]?.model ?? 'unknown'];
  const line = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'));
  return (line?.[1] ?? '').trim().split(/\s+/);
}
