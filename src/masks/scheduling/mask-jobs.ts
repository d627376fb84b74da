import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { FigseekError, messageOf } from '../../domain/errors.js';
import type { Panel } from '../../domain/figure.js';
import type { PanelId } from '../../domain/ids.js';
import { validatePrompt, type MaskKey, type MaskOutcome } from '../../domain/mask.js';
import type { MaskRequest } from '../mask-generator.js';
import { JobProgressStream } from './job-progress-stream.js';
import type { InFlightMask, Masks } from '../masks.js';
import type { Viewer } from '../../domain/viewer.js';

/** A mask of a job: what is needed to find it, and why it was not made. */
export interface JobMask extends Pick<MaskKey, 'imageHash' | 'box' | 'prompt' | 'imageType'> {
  readonly panelId: PanelId;
  readonly hash: string;
  readonly model: string;
  /** Null while it is being made. */
  readonly end: { readonly status: 'READY' } | Extract<MaskOutcome, { readonly status: 'FAILED' }> | null;
}

/** Masks that were requested together. */
export interface MaskJob {
  readonly id: string;
  readonly masks: readonly JobMask[];
}

/** A figure of which masks are requested. */
export interface MaskTarget extends Pick<MaskRequest, 'figure'> {
  /** Gives the panel in which each prompt is looked for. */
  readonly panelsFor: (prompts: readonly string[]) => Promise<readonly Panel[]>;
}

interface Job {
  readonly masks: JobMask[];
  /** The masks that are being made, by their index in `masks`. */
  readonly inFlight: Map<number, InFlightMask>;
  readonly streams: Set<JobProgressStream<MaskJob>>;
}

/** They take many minutes on a CPU; more are to be requested in several jobs. */
const maxMasks = 2000;
/** Of all jobs together, some hundred bytes each; the oldest jobs are then forgotten. */
const maxKeptMasks = 100_000;

/** Jobs, each of which makes masks of many figures in the background. Jobs are kept in memory only, their masks in the `MaskStore`. */
export class MaskJobs {
  private readonly jobs = new LRUCache<string, Job>({
    maxSize: maxKeptMasks,
    sizeCalculation: ({ masks }) => masks.length,
  });

  constructor(private readonly masks: Pick<Masks, 'beginJob' | 'release'>) {}

  /**
   * Begins a mask for each figure and prompt.
   * @throws {FigseekError} BAD_USER_INPUT for none or too many, RATE_LIMITED, MODEL_UNAVAILABLE, and as `panelsFor`
   */
  async request(
    targets: readonly MaskTarget[],
    prompts: readonly string[],
    imageType: string | null,
  ): Promise<MaskJob> {
    const plain = [...new Set(prompts.map(validatePrompt))];
    const total = targets.length * plain.length;
    if (total === 0 || total > maxMasks) {
      throw new FigseekError('BAD_USER_INPUT', `Expected 1 to ${maxMasks} masks in a request but received ${total}`);
    }
    const requests = await createRequests(targets, plain, imageType);
    const inFlight = await this.masks.beginJob(requests);
    const masks = inFlight.map((mask, i) => createJobMask(requests[i]?.panel.id, mask));
    const job: Job = { masks, inFlight: new Map(), streams: new Set() };
    inFlight.forEach((mask, index) => {
      this.follow(job, index, mask);
    });
    const id = `mjb_${randomBytes(12).toString('hex')}`;
    this.jobs.set(id, job);
    return { id, masks: [...job.masks] };
  }

  /** A job as it is now; null where it is not known, or not any more. */
  find(_viewer: Viewer, id: string): MaskJob | null {
    const job = this.jobs.get(id);
    return job === undefined ? null : { id, masks: [...job.masks] };
  }

  /**
   * A job as it is now, then again after changes until it has ended, also where it is forgotten meanwhile.
   * @throws {FigseekError} NOT_FOUND
   */
  watch(_viewer: Viewer, id: string): AsyncIterableIterator<MaskJob> {
    const job = this.expectJob(id);
    const stream = new JobProgressStream<MaskJob>(
      () => ({ id, masks: [...job.masks] }),
      ({ masks }) => masks.every(({ end }) => end !== null),
      (closed) => job.streams.delete(closed),
    );
    job.streams.add(stream);
    return stream;
  }

  /** Releases the masks that are not made yet; those that others want as well are still made. @throws {FigseekError} NOT_FOUND */
  cancel(_viewer: Viewer, id: string): MaskJob {
    const job = this.expectJob(id);
    for (const [index, mask] of [...job.inFlight]) {
      endJobMask(job, index, { status: 'FAILED', error: 'Cancelled', at: new Date() });
      this.masks.release(mask);
    }
    return { id, masks: [...job.masks] };
  }

  private expectJob(id: string): Job {
    const job = this.jobs.get(id);
    if (job === undefined) throw new FigseekError('NOT_FOUND', `There is no mask job ${id.slice(0, 60)}`);
    return job;
  }

  private follow(job: Job, index: number, mask: InFlightMask): void {
    job.inFlight.set(index, mask);
    mask.ended.then(
      ({ hash, model, outcome }) => {
        // The job keeps no measures, as they are in the store.
        const end = outcome.status === 'READY' ? { status: outcome.status } : outcome;
        endJobMask(job, index, end, { hash, model });
      },
      (error: unknown) => {
        endJobMask(job, index, { status: 'FAILED', error: messageOf(error), at: new Date() });
      },
    );
  }
}

async function createRequests(
  targets: readonly MaskTarget[],
  prompts: readonly string[],
  imageType: string | null,
): Promise<readonly MaskRequest[]> {
  const requests: MaskRequest[] = [];
  for (const { figure, panelsFor } of targets) {
    const panels = await panelsFor(prompts);
    panels.forEach((panel, i) => requests.push({ panel, figure, prompt: prompts[i] ?? '', imageType }));
  }
  return requests;
}

/**
 * Records how a mask ended. Only the first call counts: a mask that the job cancelled may still be made for others.
 * @param change the hash and the model where another segmenter made the mask than the one that was requested
 */
function endJobMask(job: Job, index: number, end: JobMask['end'], change: Partial<JobMask> = {}): void {
  const mask = job.masks[index];
  if (mask === undefined || !job.inFlight.delete(index)) return;
  job.masks[index] = { ...mask, ...change, end };
  for (const stream of job.streams) stream.notify();
}

function createJobMask(panelId: PanelId | undefined, { record: { hash, model, key } }: InFlightMask): JobMask {
  if (panelId === undefined) throw new Error('Expected a mask for each request');
  const { imageHash, box, prompt, imageType } = key;
  return { panelId, hash, model, imageHash, box, prompt, imageType, end: null };
}
