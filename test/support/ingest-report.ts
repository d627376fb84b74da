import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encodeJpeg, encodePng } from '../../src/imaging/encode.js';
import { run, type Place } from './figseek-process.js';

/** A record or a file that was not taken, or a key that is not known. */
export interface Fault {
  readonly sourceKey: string;
  readonly code: string;
  readonly message: string;
}

/** What `figseek ingest --json` prints, and its exit code. */
export interface Report {
  readonly code: number | null;
  readonly runId: string;
  readonly read: number;
  readonly added: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly leftOut: number;
  readonly faults: readonly Fault[];
  readonly leftOuts: readonly Fault[];
  readonly unknownKeys: readonly { readonly key: string; readonly meant: string | null; readonly records: number }[];
}

export function newFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'left-out-'));
}

let shade = 0;
/** Writes an image, each of another color, in the format that its name ends on. */
export async function putImage(folder: string, name: string): Promise<void> {
  shade += 1;
  const color = [(shade * 40) % 256, (shade * 90) % 256, 90];
  const image = { width: 40, height: 30, data: Uint8Array.from({ length: 3600 }, (_, i) => color[i % 3] ?? 0) };
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, await (/\.(?:jf|jp)/i.test(name) ? encodeJpeg(image) : encodePng(image)));
}

export async function ingest(place: Place, source: string): Promise<Report> {
  const { code, stdout, stderr } = await run(place, ['ingest', source, '--json']);
  if (stdout === '') throw new Error(stderr);
  return { code, ...(JSON.parse(stdout) as Omit<Report, 'code'>) };
}

/** The captions of the figures that a text finds, by source key. */
export async function searchCaptions(place: Place, text: string): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await run(place, ['search', text, '--json', '--exact', '--first', '30']);
  const { hits } = JSON.parse(stdout) as { hits: { sourceKey: string; caption: string }[] };
  return Object.fromEntries(hits.map(({ sourceKey, caption }) => [sourceKey, caption]));
}

export function sortedKeys(faults: readonly Fault[]): readonly string[] {
  return faults.map(({ sourceKey }) => sourceKey).sort();
}

export function findMessage(faults: readonly Fault[], key: string): string | undefined {
  return faults.find(({ sourceKey }) => sourceKey === key)?.message;
}
