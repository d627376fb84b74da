import type { CorpusAtlas } from '../atlas/corpus-atlas.js';
import type { PanelClassification } from '../corpus/panel-classification.js';
import type { PictureMatching } from '../corpus/pictures/picture-matching.js';
import { messageOf } from '../domain/errors.js';

const looksAfterFailure = 30;

/** Work that is done beside the server's other work. It looks for work from time to time, since other processes add figures too. */
abstract class Upkeep {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private readonly end = new AbortController();
  private isFailing = false;
  /** Looks that were left out since something failed. */
  private leftOut = 0;

  /** @param what was not done, as a failure tells it */
  constructor(private readonly failure: string) {}

  /** @param signal aborted: ends with what is in hand */
  protected abstract run(signal: AbortSignal): Promise<unknown>;

  /** Looks for work from time to time, until it is closed. */
  watch(everyMs: number): void {
    this.timer = setInterval(() => void this.look(), everyMs);
    this.timer.unref();
  }

  /** Does what there is to do; a call meanwhile joins it. What fails is told once, and tried again. */
  poll(): Promise<void> {
    this.running ??= this.work().finally(() => (this.running = null));
    return this.running;
  }

  /** Ends with the work in hand; the next start goes on. */
  async close(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    this.end.abort();
    await this.running;
  }

  /** What failed is tried again after some time only: an image whose reading takes too long would take a core for good. */
  private async look(): Promise<void> {
    if (this.isFailing && this.running === null) {
      this.leftOut = (this.leftOut + 1) % looksAfterFailure;
      if (this.leftOut !== 0) return;
    }
    await this.poll();
  }

  private async work(): Promise<void> {
    if (this.end.signal.aborted) return;
    await this.run(this.end.signal).then(
      () => (this.isFailing = false),
      (error: unknown) => {
        this.complain(error);
      },
    );
  }

  private complain(error: unknown): void {
    if (!this.end.signal.aborted && !this.isFailing) console.error(`${this.failure}: ${messageOf(error)}`);
    this.isFailing = true;
  }
}

/** Compares new pictures with all others, and makes the signatures that an older corpus lacks. */
export class PictureUpkeep extends Upkeep {
  constructor(private readonly matching: Pick<PictureMatching, 'run'>) {
    super('New pictures were not compared with others yet');
  }

  protected run(signal: AbortSignal): Promise<unknown> {
    return this.matching.run({ signal });
  }
}

/** Gives new figures their places on the map. */
export class AtlasUpkeep extends Upkeep {
  constructor(private readonly atlas: Pick<CorpusAtlas, 'placeNew' | 'close'>) {
    super('New figures were not placed on the map yet');
  }

  /** Ends the making of a map as well. */
  override async close(): Promise<void> {
    await super.close();
    await this.atlas.close();
  }

  protected run(signal: AbortSignal): Promise<void> {
    return this.atlas.placeNew(signal);
  }
}

/** What classifies with the model that serves. */
type Classification = Pick<PanelClassification, 'run' | 'state'>;

/** Classifies new panels, and all panels anew where another model or another head serves. */
export class ClassUpkeep extends Upkeep {
  /** What classified, and the state of the corpus, when there was nothing left to do. */
  private done: { readonly by: Classification; readonly state: string } | null = null;

  /** @param current by the model that serves now */
  constructor(private readonly current: () => Classification) {
    super('New panels were not classified yet');
  }

  protected async run(signal: AbortSignal): Promise<void> {
    const by = this.current();
    const state = await by.state();
    // To look for panels goes through the corpus: only where it changed.
    if (this.done?.by === by && this.done.state === state) return;
    if ((await by.run({ signal })) === 0 && !signal.aborted) this.done = { by, state };
  }
}
