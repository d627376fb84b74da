import type { HubClient } from './hub-client.js';
import { networkFault, TransientError } from '../platform/http/transient-error.js';
import type { PartFile, Segment } from './part-file.js';
import { resolvePath, type RemoteFile } from './repository.js';

/** The server answered a request for a range with the whole file. */
export class RangesIgnored extends Error {}

export interface SegmentFetch {
  readonly client: HubClient;
  readonly file: RemoteFile;
  /** False for a server that gives none: then each attempt starts at the first byte. */
  readonly ranges: boolean;
  readonly signal: AbortSignal;
  readonly onBytes: () => void;
}

/**
 * Fetches what a segment lacks, by one connection.
 * @throws {TransientError} the connection broke, stalled, or brought another length than was asked for
 * @throws {RangesIgnored} the segment cannot be had alone
 */
export async function fetchInto(part: PartFile, segment: Segment, fetch: SegmentFetch): Promise<void> {
  const { client, file, ranges, signal } = fetch;
  if (!ranges) segment.received = 0;
  const from = segment.start + segment.received;
  if (from === segment.end) return;
  const { status, headers, body } = await client.ask({
    path: resolvePath(file, file.name),
    repository: file.repository,
    what: nameOf(file),
    headers: ranges ? { range: `bytes=${from}-${segment.end - 1}` } : {},
    signal,
  });
  try {
    if (status === 206) checkRange(String(headers['content-range'] ?? ''), from, segment.end, file);
    else checkWhole(headers['content-length'], from, segment.end, file);
    await copy(body, part, segment, fetch);
  } finally {
    body.destroy();
  }
}

/** Content-Range must say what was asked for: other bytes would stand in the wrong place. */
function checkRange(range: string, from: number, end: number, { name, bytes }: RemoteFile): void {
  if (range === `bytes ${from}-${end - 1}/${bytes}` || range === `bytes ${from}-${end - 1}/*`) return;
  throw new TransientError(
    `the hub sent the range “${range}” of ${name} where ${from}-${end - 1}/${bytes} was asked for`,
  );
}

function checkWhole(length: string | string[] | undefined, from: number, end: number, file: RemoteFile): void {
  if (from !== 0 || end !== file.bytes) throw new RangesIgnored();
  if (length === undefined || Number(length) === file.bytes) return;
  throw new TransientError(`the hub sent ${String(length)} bytes of ${file.name} where it lists ${file.bytes}`);
}

async function copy(
  body: AsyncIterable<unknown>,
  part: PartFile,
  segment: Segment,
  { file, signal, onBytes }: SegmentFetch,
): Promise<void> {
  const before = segment.received;
  const expected = segment.end - segment.start - before;
  let length = 0;
  for await (const chunk of chunksOf(body, nameOf(file), signal)) {
    length += chunk.length;
    if (length > expected) {
      // It is not known which of the bytes are too many.
      segment.received = before;
      throw new TransientError(`the hub sent more bytes of ${file.name} than it lists`);
    }
    await part.append(segment, chunk);
    onBytes();
  }
  if (length < expected)
    throw new TransientError(`the hub sent ${length} bytes of ${file.name} where ${expected} were due`);
}

/** How messages name the file. */
function nameOf({ repository, name }: RemoteFile): string {
  return `${repository}/${name}`;
}

/** The body, with failures of the network as such, so that those of the disk are not taken for them. */
async function* chunksOf(body: AsyncIterable<unknown>, what: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body) yield chunk as Buffer;
  } catch (error) {
    throw signal.aborted ? error : networkFault(what, error);
  }
}
