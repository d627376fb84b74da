import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { FigseekError, messageOf } from '../domain/errors.js';
import type { Mask, MaskOutcome } from '../domain/mask.js';
import { checkedPrompt } from '../domain/mask.js';
import { maskInFlight, type Masks, type MaskQuestion } from './masks.js';

/** Masks that were asked for together. */
export interface MaskJob {
  readonly id: string;
  readonly masks: readonly Mask[];
}

type Targets = readonly Omit<MaskQuestion, 'prompt'>[];

/** Waits of minutes on a CPU: more are asked for in several requests. */
const mostMasks = 2000;
/** Of the jobs before, only the masks are kept. */
const keptJobs = 200;

/** Masks of many figures in the background. Kept in memory: a job is a way to watch, the masks are in the database. */
export class MaskJobs {
  private readonly jobs = new LRUCache<string, { masks: Mask[] }>({ max: keptJobs });

  constructor(private readonly masks: Masks) {}

  /**
   * Begins a mask for each panel and prompt, panel by panel, so that each picture is encoded once.
   * @throws {FigseekError} BAD_USER_INPUT for none or too many, RATE_LIMITED, MODEL_UNAVAILABLE
   */
  async request(targets: Targets, prompts: readonly string[]): Promise<MaskJob> {
    const plain = [...new Set(prompts.map(checkedPrompt))];
    const total = targets.length * plain.length;
    if (total === 0 || total > mostMasks) {
      throw new FigseekError('BAD_USER_INPUT', `Expected 1 to ${mostMasks} masks in a request but received ${total}`);
    }
    this.masks.refuseTooMany(total);
    const id = `mjb_${randomBytes(12).toString('hex')}`;
    const job: { masks: Mask[] } = { masks: [] };
    for (const { panel, figure } of targets) {
      for (const prompt of plain) {
        const flight = await this.masks.begin({ panel, figure, prompt }, 'bulk');
        const place = job.masks.push(maskInFlight(panel, flight)) - 1;
        const settle = (outcome: MaskOutcome) => {
          const mask = job.masks[place];
          if (mask !== undefined) job.masks[place] = { ...mask, outcome };
        };
        flight.ended.then(
          (stored) => {
            settle(stored.outcome);
          },
          (error: unknown) => {
            settle({ status: 'FAILED', error: messageOf(error), at: new Date() });
          },
        );
      }
    }
    this.jobs.set(id, job);
    return { id, masks: [...job.masks] };
  }

  /** As it stands now; null for one that is not known any more. */
  find(id: string): MaskJob | null {
    const job = this.jobs.get(id);
    return job === undefined ? null : { id, masks: [...job.masks] };
  }
}
