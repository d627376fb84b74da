import { encodePng } from '../../src/imaging/encode.js';
import { run, type Place, type Server } from './figseek-process.js';
import { askServer } from './mask-server.js';

/** A small image; another number gives another image. */
export function makeImage(number: number): Promise<Buffer> {
  const data = new Uint8Array(8 * 8 * 3).map((_, i) => (i * 7 + number * 31) % 256);
  return encodePng({ width: 8, height: 8, data }).then((bytes) => Buffer.from(bytes));
}

/** What `figseek ingest --json` prints. */
export interface SourceReport {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly deleted: number;
  readonly sourceName: string;
  readonly faults: readonly { readonly code: string; readonly message: string }[];
}

/** @param args the source and options of `figseek ingest` */
export async function ingestSource(place: Place, ...args: readonly string[]): Promise<SourceReport> {
  const { stdout, stderr } = await run(place, ['ingest', ...args, '--json']);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as SourceReport;
}

/** @returns the data of an answer @throws {Error} where it has errors */
export async function askData<Data>(server: Server, query: string, variables: object = {}): Promise<Data> {
  const { data, errors } = await askServer<Data>(server, query, variables);
  if (data === undefined || errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}
