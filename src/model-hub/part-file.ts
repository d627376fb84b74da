import { open, readFile, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import type { FileHash } from '../platform/file-hash.js';

/** A range of the file that one connection fetches; `received` bytes of it are in the file. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  received: number;
}

const wholeNumber = z.number().int().nonnegative();

const stateSchema = z.strictObject({
  hash: z.string(),
  bytes: wholeNumber,
  segments: z.array(z.strictObject({ start: wholeNumber, end: wholeNumber, received: wholeNumber })).min(1),
});

export interface PartOptions {
  readonly connections: number;
  /** No segment is shorter: short ones gain nothing. */
  readonly minSegmentBytes: number;
  /** How much may have to be fetched again after a kill. */
  readonly savedEvery: number;
}

/** What identifies the content of a file. */
export interface ExpectedContent {
  readonly bytes: number;
  readonly hash: FileHash;
}

/** What is to be received, and the path that the file gets when it is complete. */
interface PartTarget {
  readonly file: string;
  readonly expected: ExpectedContent;
  readonly savedEvery: number;
}

/**
 * A file on its way: its bytes in FILE.part, and in FILE.part.json how far each segment is. What the state says was
 * received is in the file: bytes are flushed before the state that counts them is written, and that is swapped whole.
 */
export class PartFile {
  private unsaved = 0;
  private saving: Promise<void> = Promise.resolve();

  private constructor(
    private readonly target: PartTarget,
    private readonly handle: FileHandle,
    private parts: readonly Segment[],
  ) {}

  /** Continues with the bytes that an earlier run received of the same content; otherwise starts from the first byte. */
  static async open(target: string, expected: ExpectedContent, options: PartOptions): Promise<PartFile> {
    const segments = (await readState(target, expected)) ?? planSegments(expected.bytes, options);
    const isNew = segments.every(({ received }) => received === 0);
    const handle = await open(partOf(target), isNew ? 'w+' : 'r+');
    return new PartFile({ file: target, expected, savedEvery: options.savedEvery }, handle, segments);
  }

  get segments(): readonly Segment[] {
    return this.parts;
  }

  get received(): number {
    return this.parts.reduce((sum, { received }) => sum + received, 0);
  }

  /** Appends to a segment. */
  async append(segment: Segment, chunk: Uint8Array): Promise<void> {
    for (let written = 0; written < chunk.length;) {
      const at = segment.start + segment.received;
      const { bytesWritten } = await this.handle.write(chunk, written, chunk.length - written, at);
      written += bytesWritten;
      segment.received += bytesWritten;
    }
    this.unsaved += chunk.length;
    if (this.unsaved >= this.target.savedEvery) await this.save();
  }

  async save(): Promise<void> {
    this.unsaved = 0;
    this.saving = this.saving.then(() => this.write());
    await this.saving;
  }

  /** One connection, from the first byte: for a server that gives no ranges. */
  async restartWhole(): Promise<void> {
    this.parts = [{ start: 0, end: this.target.expected.bytes, received: 0 }];
    await this.save();
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  /** Closes the file, flushed, and gives it its name. */
  async finish(): Promise<void> {
    const { file, expected } = this.target;
    await this.handle.truncate(expected.bytes);
    await this.handle.sync();
    await this.handle.close();
    await rename(partOf(file), file);
    await rm(stateOf(file), { force: true });
  }

  private async write(): Promise<void> {
    const { file, expected } = this.target;
    const { bytes, hash } = expected;
    const state = JSON.stringify({ hash: hash.hex, bytes, segments: this.parts });
    await this.handle.datasync();
    const temporary = `${stateOf(file)}.new`;
    await writeFile(temporary, state, { flush: true });
    await rename(temporary, stateOf(file));
  }
}

export function partOf(target: string): string {
  return `${target}.part`;
}

/** The files that a file on its way consists of. */
export function partFilesOf(target: string): readonly string[] {
  return [partOf(target), stateOf(target)];
}

/** Deletes what there is of a file. */
export async function discardPart(target: string): Promise<void> {
  await rm(stateOf(target), { force: true });
  await rm(partOf(target), { force: true });
}

/** How much of a file an earlier run left. */
export async function receivedOf(target: string, expected: ExpectedContent): Promise<number> {
  const segments = await readState(target, expected);
  return segments?.reduce((sum, { received }) => sum + received, 0) ?? 0;
}

/** Equal segments, one a connection. */
function planSegments(bytes: number, { connections, minSegmentBytes }: PartOptions): Segment[] {
  const count = Math.max(1, Math.min(connections, Math.floor(bytes / minSegmentBytes)));
  const edge = (index: number): number => Math.floor((bytes * index) / count);
  return Array.from({ length: count }, (_, index) => ({ start: edge(index), end: edge(index + 1), received: 0 }));
}

async function readState(target: string, { bytes, hash }: ExpectedContent): Promise<Segment[] | null> {
  const text = await readFile(stateOf(target), 'utf8').catch(() => '');
  const size = await sizeOf(partOf(target));
  try {
    const state = stateSchema.parse(JSON.parse(text));
    const { segments } = state;
    const isWhole = segments.at(-1)?.end === bytes && segments.every(followsIn);
    const isThere = segments.every(({ start, received }) => received === 0 || start + received <= size);
    return state.hash === hash.hex && state.bytes === bytes && isWhole && isThere ? segments : null;
  } catch {
    // There is no state, or a damaged one: the file is fetched from its first byte.
    return null;
  }
}

function followsIn({ start, end, received }: Segment, index: number, all: readonly Segment[]): boolean {
  return start === (index === 0 ? 0 : all[index - 1]?.end) && received <= end - start;
}

async function sizeOf(file: string): Promise<number> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return -1;
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

function stateOf(target: string): string {
  return `${target}.part.json`;
}
