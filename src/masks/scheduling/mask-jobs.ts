import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { FigseekError, messageOf } from '../../domain/errors.js';
import type { Panel } from '../../domain/figure.js';
import type { PanelId } from '../../domain/ids.js';
import { validatePrompt, type MaskKey, type MaskOutcome } from '../../domain/mask.js';
import type { MaskRequest } from '../mask-generator.js';
import { JobProgressStream } from './job-progress-stream.js';
import type { MaskFlight, Masks } from '../masks.js';

/** A mask of a job: enough to find it, and to say why it was not made. */
export interface JobMask extends Pick<MaskKey, 'imageHash' | 'box' | 'prompt' | 'imageType'> {
  readonly panelId: PanelId;
  readonly hash: string;
  readonly model: string;
  /** Null while it is being made. */
  readonly end: { readonly status: 'READY' } | Extract<MaskOutcome, { readonly status: 'FAILED' }> | null;
}

/** Masks that were asked for together. */
export interface MaskJob {
  readonly id: string;
  readonly masks: readonly JobMask[];
}

/** A figure that masks are wanted of. */
export interface MaskTarget extends Pick<MaskRequest, 'figure'> {
  /** The panel in which each prompt is looked for. */
  panelsFor(prompts: readonly string[]): Promise<readonly Panel[]>;
}

interface Job {
  readonly masks: JobMask[];
  /** Those that are being made, by their place. */
  readonly flights: Map<number, MaskFlight>;
  readonly watches: Set<JobProgressStream<MaskJob>>;
}

/** Waits of minutes on a CPU: more are asked for in several requests. */
const maxMasks = 2000;
/** Of all jobs together, some hundred bytes each; of those before, only what is in the database is kept. */
const keptMasks = 100_000;

/** Masks of many figures in the background. Kept in memory: a job is a way to watch, the masks are in the database. */
export class MaskJobs {
  private readonly jobs = new LRUCache<string, Job>({
    maxSize: keptMasks,
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
    const questions = await questionsOf(targets, plain, imageType);
    const flights = await this.masks.beginJob(questions);
    const masks = flights.map((flight, i) => waitingMask(questions[i]?.panel.id, flight));
    const job: Job = { masks, flights: new Map(), watches: new Set() };
    flights.forEach((flight, place) => {
      this.follow(job, place, flight);
    });
    const id = `mjb_${randomBytes(12).toString('hex')}`;
    this.jobs.set(id, job);
    return { id, masks: [...job.masks] };
  }

  /** As it stands now; null for one that is not known any more. */
  find(id: string): MaskJob | null {
    const job = this.jobs.get(id);
    return job === undefined ? null : { id, masks: [...job.masks] };
  }

  /**
   * Tells of a job as it changes, until it has ended; also of one that is forgotten meanwhile.
   * @throws {FigseekError} NOT_FOUND
   */
  watching(id: string): AsyncIterableIterator<MaskJob> {
    const job = this.known(id);
    const watch = new JobProgressStream<MaskJob>(
      () => ({ id, masks: [...job.masks] }),
      ({ masks }) => masks.every(({ end }) => end !== null),
      (one) => job.watches.delete(one),
    );
    job.watches.add(watch);
    return watch;
  }

  /** Gives up what is not made yet; what somebody else wants is made all the same. @throws {FigseekError} NOT_FOUND */
  cancel(id: string): MaskJob {
    const job = this.known(id);
    for (const [place, flight] of [...job.flights]) {
      end(job, place, { status: 'FAILED', error: 'Cancelled', at: new Date() });
      this.masks.release(flight);
    }
    return { id, masks: [...job.masks] };
  }

  private known(id: string): Job {
    const job = this.jobs.get(id);
    if (job === undefined) throw new FigseekError('NOT_FOUND', `There is no mask job ${id.slice(0, 60)}`);
    return job;
  }

  private follow(job: Job, place: number, flight: MaskFlight): void {
    job.flights.set(place, flight);
    flight.ended.then(
      ({ hash, model, outcome }) => {
        // Its measures are in the database.
        const how = outcome.status === 'READY' ? { status: outcome.status } : outcome;
        end(job, place, how, { hash, model });
      },
      (error: unknown) => {
        end(job, place, { status: 'FAILED', error: messageOf(error), at: new Date() });
      },
    );
  }
}

async function questionsOf(targets: readonly MaskTarget[], prompts: readonly string[], imageType: string | null) {
  const questions: MaskRequest[] = [];
  for (const target of targets) {
    const panels = await target.panelsFor(prompts);
    panels.forEach((panel, i) => questions.push({ panel, figure: target.figure, prompt: prompts[i] ?? '', imageType }));
  }
  return questions;
}

/** How a mask ended; once, as one that was given up may still be made for others. */
function end(job: Job, place: number, how: JobMask['end'], by: Partial<JobMask> = {}): void {
  const mask = job.masks[place];
  if (mask === undefined || !job.flights.delete(place)) return;
  job.masks[place] = { ...mask, ...by, end: how };
  for (const watch of job.watches) watch.changed();
}

function waitingMask(panelId: PanelId | undefined, { record: { hash, model, key } }: MaskFlight): JobMask {
  if (panelId === undefined) throw new Error('each question has its mask');
  const { imageHash, box, prompt, imageType } = key;
  return { panelId, hash, model, imageHash, box, prompt, imageType, end: null };
}
