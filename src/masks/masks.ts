import type { Panel } from '../domain/figure.js';
import { parseMaskId, type Mask } from '../domain/mask.js';
import { isMaskOf, type MaskRecord, type StoredMask } from '../domain/stored-mask.js';
import type { FigureStore } from '../ports/figure-store.js';
import type { MaskStore } from '../ports/mask-store.js';
import type { MaskGenerator, MaskRequest } from './mask-generator.js';
import { placeMask, placeUnmadeMask } from './place-mask.js';
import type { InFlightRequest } from './scheduling/in-flight-request.js';
import type { MaskScheduler } from './scheduling/mask-scheduler.js';
import { SingleFlight, isToRetry, shuttingDown } from './scheduling/single-flight.js';
import type { Viewer } from '../domain/viewer.js';

export type InFlightMask = InFlightRequest<MaskRecord, StoredMask>;

/** Masks on demand: equal requests share one computation, and its result is stored. */
export class Masks {
  private readonly inFlight: SingleFlight<MaskRecord, StoredMask>;

  constructor(
    private readonly generator: Pick<MaskGenerator, 'keyFor' | 'generate' | 'close'>,
    private readonly store: Pick<MaskStore, 'byHashes' | 'saveDrawn' | 'saveFailed'>,
    private readonly figures: Pick<FigureStore, 'panelsByIds' | 'figuresByIds'>,
    private readonly scheduler: MaskScheduler,
  ) {
    this.inFlight = new SingleFlight(scheduler, {
      run: async (requested, waitForTurn) => {
        const { record, drawn } = await generator.generate(requested, waitForTurn);
        return store.saveDrawn(record, drawn);
      },
      saveFailure: (requested, reason) => store.saveFailed(requested, reason),
    });
  }

  /**
   * A mask, or what is known of it after `waitMs`. The work then goes on with a lower priority.
   * @param signal aborted when the client does not wait any more
   * @throws {FigseekError} BAD_USER_INPUT, RATE_LIMITED, and MODEL_UNAVAILABLE where there is no segmenter
   */
  async request(request: MaskRequest, waitMs: number, signal?: AbortSignal): Promise<Mask> {
    const record = await this.generator.keyFor(request);
    signal?.throwIfAborted();
    const mask = this.join(record, () => this.store.byHashes([record.hash]));
    return placeInFlightMask(request.panel, mask, await this.inFlight.wait(mask, waitMs, signal));
  }

  /**
   * Begins the masks of a job; a mask that is being made already is shared.
   * @returns in the order of the requests; each is to be released where the job ends before it
   * @throws {FigseekError} BAD_USER_INPUT, RATE_LIMITED, and MODEL_UNAVAILABLE where there is no segmenter
   */
  async beginJob(requests: readonly MaskRequest[]): Promise<readonly InFlightMask[]> {
    const releaseReservation = this.scheduler.reserve(requests.length);
    try {
      const records: MaskRecord[] = [];
      for (const request of requests) records.push(await this.generator.keyFor(request));
      const stored = this.store.byHashes(records.map(({ hash }) => hash));
      const masks = records.map((record) => this.join(record, () => stored));
      for (const mask of masks) mask.jobs += 1;
      try {
        // The reservation is held until all of them are in the queue.
        await Promise.all(masks.map(({ known }) => known));
      } catch (error) {
        for (const mask of masks) this.release(mask);
        throw error;
      }
      return masks;
    } finally {
      releaseReservation();
    }
  }

  /** Ends the interest of a job. A mask that nobody else wants is not made, unless its work has begun. */
  release(mask: InFlightMask): void {
    mask.jobs -= 1;
    this.scheduler.updatePriority(mask);
  }

  /** A mask by its id; null where there is none, or where its panel has another box or another image now. */
  async find(viewer: Viewer, id: string): Promise<Mask | null> {
    const [found] = await this.findMany(viewer, [id]);
    return found ?? null;
  }

  /** `find` for each id, in their order. */
  async findMany(_viewer: Viewer, ids: readonly string[]): Promise<readonly (Mask | null)[]> {
    const parts = ids.map(parseMaskId);
    const known = parts.filter((one) => one !== null);
    const panels = await this.figures.panelsByIds(known.map(({ panelId }) => panelId));
    const figures = await this.figures.figuresByIds([...panels.values()].map(({ figureId }) => figureId));
    const stored = await this.store.byHashes(known.map(({ hash }) => hash));
    return parts.map((one) => {
      const panel = one === null ? undefined : panels.get(one.panelId);
      const figure = panel && figures.get(panel.figureId);
      if (one === null || panel === undefined || figure === undefined) return null;
      const mask = stored.get(one.hash);
      const inFlight = this.inFlight.get(one.hash);
      const key = mask ?? inFlight?.record.key;
      if (key === undefined || !isMaskOf(key, figure.imageHash, panel.box)) return null;
      // A failed mask that is tried again is pending.
      if (inFlight !== undefined && (mask === undefined || isToRetry(mask))) {
        return placeInFlightMask(panel, inFlight, null);
      }
      return mask === undefined ? null : placeMask(panel, mask);
    });
  }

  /** Waiting and running masks fail with MODEL_UNAVAILABLE; these failures are not stored. */
  async close(): Promise<void> {
    this.inFlight.stop();
    this.scheduler.close(shuttingDown());
    await this.generator.close();
    await this.inFlight.onSettled();
  }

  private join(record: MaskRecord, readStored: () => Promise<ReadonlyMap<string, StoredMask>>): InFlightMask {
    return this.inFlight.join(record, async () => (await readStored()).get(record.hash));
  }
}

/**
 * A requested mask on its panel.
 * @param stored null while it is being made. Where the segmenter was replaced meanwhile, it is the mask by the new one.
 */
function placeInFlightMask(
  panel: Panel,
  { record: { hash, model, key } }: InFlightMask,
  stored: StoredMask | null,
): Mask {
  const { prompt, imageType } = key;
  return stored === null ? placeUnmadeMask(panel, { hash, model, prompt, imageType }, null) : placeMask(panel, stored);
}
