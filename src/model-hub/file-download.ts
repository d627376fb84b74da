import { rm } from 'node:fs/promises';
import { FigseekError, messageOf, systemCodeOf } from '../domain/errors.js';
import { hashFile } from '../platform/file-hash.js';
import type { HubClient } from './hub-client.js';
import { downloadStopped } from './hub-errors.js';
import { discardPart, PartFile, partOf, type PartOptions, type Segment } from './part-file.js';
import type { RemoteFile } from './repository.js';
import { defaultRetryPolicy, withRetries, type RetryPolicy } from '../platform/http/retries.js';
import { fetchInto, RangesIgnored } from './segment-fetch.js';
import { fileExists } from '../platform/file-exists.js';

export interface DownloadOptions {
  readonly part?: PartOptions;
  readonly policy?: RetryPolicy;
  readonly note: (line: string) => void;
  /** Bytes of this file that are there; less than before when it had to start anew. */
  readonly onProgress: (received: number) => void;
}

const megabyte = 2 ** 20;

// One connection to a content network is seldom as fast as the line; more than four gain little and load the server.
const defaultPartOptions: PartOptions = { connections: 4, minSegmentBytes: 16 * megabyte, savedEvery: 8 * megabyte };

/** One file on its way. */
interface Transfer {
  readonly client: HubClient;
  readonly file: RemoteFile;
  readonly part: PartFile;
  readonly options: DownloadOptions;
}

/**
 * Fetches one file. It can be killed at any moment and goes on from there at the next call; the file has its name only
 * once all its bytes are those that the hub lists.
 * @throws {FigseekError} MODEL_UNAVAILABLE in one line; INTERNAL_SERVER_ERROR where the disk fails
 */
export async function downloadFile(
  client: HubClient,
  file: RemoteFile,
  target: string,
  options: DownloadOptions,
): Promise<void> {
  if (await isComplete(file, target)) {
    await discardPart(target);
    options.onProgress(file.bytes);
    return;
  }
  try {
    const part = await PartFile.open(target, file, options.part ?? defaultPartOptions);
    try {
      await fetchAll({ client, file, part, options });
      await verify(file, target, part);
    } catch (error) {
      await part.close();
      throw error;
    }
    await part.finish();
  } catch (error) {
    if (systemCodeOf(error) === null) throw error;
    const message = `${target} cannot be written: ${messageOf(error)}. What was fetched is kept`;
    throw new FigseekError('INTERNAL_SERVER_ERROR', message, { cause: error });
  }
}

/** Whether an earlier run left the file with the expected content; a file with another content is deleted. */
async function isComplete(file: RemoteFile, target: string): Promise<boolean> {
  const exists = await fileExists(target);
  if (!exists) return false;
  if ((await hashFile(target, file.hash.kind)) === file.hash.hex) return true;
  await rm(target);
  return false;
}

async function fetchAll(transfer: Transfer): Promise<void> {
  const { file, part, options } = transfer;
  options.onProgress(part.received);
  try {
    await fetchSegments(transfer, true);
  } catch (error) {
    if (!(error instanceof RangesIgnored)) throw error;
    options.note(`the server gives no ranges of ${file.name}: it is fetched from its start by one connection`);
    await part.restartWhole();
    options.onProgress(0);
    await fetchSegments(transfer, false);
  }
}

/** @param ranges whether the server is asked for the missing bytes only */
async function fetchSegments({ client, file, part, options }: Transfer, ranges: boolean): Promise<void> {
  const { note, onProgress, policy = defaultRetryPolicy } = options;
  const stop = new AbortController();
  const fetchOne = async (segment: Segment): Promise<void> => {
    const gained = trackGain(segment, file.bytes);
    const work = (): Promise<void> =>
      fetchInto(part, segment, { client, file, ranges, signal: stop.signal, onBytes: () => onProgress(part.received) });
    try {
      await withRetries(work, { policy, note, giveUp: downloadStopped, gained, signal: stop.signal });
    } catch (error) {
      stop.abort();
      throw error;
    }
  };
  const results = await Promise.allSettled(part.segments.map(fetchOne));
  await part.save();
  // The others were stopped because of the first one that failed: its reason is reported.
  const failed = results.filter((result) => result.status === 'rejected');
  const first = failed.find(({ reason }) => !isAbort(reason)) ?? failed[0];
  if (first !== undefined) await Promise.reject(first.reason as Error);
}

/**
 * Only what was never reached before counts as gained, and only a hundredth of the file or more: so the attempts stay
 * bounded when each brings a few bytes, or brings the same bytes again.
 */
function trackGain(segment: Segment, bytes: number): () => boolean {
  let farthest = segment.received;
  return () => {
    const gained = segment.received - farthest >= Math.max(1, bytes / 100);
    farthest = Math.max(farthest, segment.received);
    return gained;
  };
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

async function verify(file: RemoteFile, target: string, part: PartFile): Promise<void> {
  const found = part.received === file.bytes ? await hashFile(partOf(target), file.hash.kind) : 'too short';
  if (found === file.hash.hex) return;
  await discardPart(target);
  throw new FigseekError(
    'MODEL_UNAVAILABLE',
    `${file.repository}/${file.name} arrived with another content (${file.hash.kind} ${found.slice(0, 16)}…, the hub lists ${file.hash.hex.slice(0, 16)}…): it was deleted; run the command again, and if that repeats, check the proxy or mirror`,
  );
}
