import { FigseekError, messageOf } from '../domain/errors.js';
import { shuttingDown } from '../platform/worker-process.js';
import type { ModelRuntime } from './model-runtime.js';
import { numbered } from '../domain/numbered.js';

/** Longer than the pages of an answer are kept: nobody asks a model any more that was left so long ago. */
const ttlMs = 20 * 60_000;
/** A choice that failed (memory, a lock) is tried again after this. */
const retryAfterMs = 60_000;
const catchUpEveryMs = 60_000;

export interface ModelChoice {
  readonly name: string;
  /** sha256; another package may have been put in the place of one of the same name. */
  readonly version: string;
}

/**
 * The model that serves. When another one is chosen (`figseek models use`, by any process) it is made ready beside the
 * one that serves, then takes over at once, both indexes together; the old one stays for the pages of its answers.
 */
export class ActiveModel {
  private left: { readonly stack: ModelRuntime; readonly timer: NodeJS.Timeout }[] = [];
  private timer: NodeJS.Timeout | null = null;
  private changing: Promise<void> | null = null;
  private refused: { readonly wanted: string; readonly at: number } | null = null;
  /** What is being made ready. */
  private next: ModelRuntime | null = null;
  private caughtUpAt = 0;
  /** The corpus in which every figure that can be embedded was. */
  private caughtUpWith = '';
  private closed = false;

  /**
   * @param serving the stack to begin with
   * @param chosen what is to serve now
   * @param load makes a stack, without starting anything
   * @param corpusVersion changes with every figure and vector that is written
   */
  constructor(
    private serving: ModelRuntime,
    private readonly chosen: () => Promise<ModelChoice>,
    private readonly load: (name: string) => Promise<ModelRuntime>,
    private readonly corpusVersion: () => Promise<string>,
  ) {}

  get current(): ModelRuntime {
    return this.serving;
  }

  /** Looks for another choice from time to time, until it is closed. */
  watch(everyMs: number): void {
    this.timer = setInterval(() => void this.poll(), everyMs);
    this.timer.unref();
  }

  /** Takes over another choice, if there is one; what fails is told, and the old model serves on. */
  poll(): Promise<void> {
    this.changing ??= this.activate().finally(() => (this.changing = null));
    return this.changing;
  }

  async close(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    this.closed = true;
    const stacks = [this.serving, ...(this.next === null ? [] : [this.next]), ...this.left.map(({ stack }) => stack)];
    for (const { timer } of this.left.splice(0)) clearTimeout(timer);
    // What is being made ready, or embedded, ends with its stack.
    await Promise.all(stacks.map(closeStack));
    await this.changing;
  }

  private async activate(): Promise<void> {
    let choice: ModelChoice;
    try {
      choice = await this.chosen();
    } catch (error) {
      this.markRejected('', error);
      return;
    }
    if (this.closed) return;
    if (choice.version === this.serving.model.version) {
      this.refused = null;
      return this.refresh();
    }
    const wanted = `${choice.name} ${choice.version}`;
    if (this.refused?.wanted === wanted && Date.now() - this.refused.at < retryAfterMs) return;
    try {
      this.next = this.rollback(choice.version) ?? (await this.load(choice.name));
      // Who closed meanwhile has not seen it.
      this.assertOpen();
      await this.next.encoder.start();
      // By “models use” all is embedded; another package under the served name has nothing yet.
      await this.next.embedMissing.run(() => undefined);
      await this.next.space.ensureBuilt();
      this.assertOpen();
    } catch (error) {
      this.markRejected(wanted, error);
      if (this.next !== null) await closeStack(this.next);
      this.next = null;
      return;
    }
    this.swap(this.next);
    this.next = null;
  }

  private assertOpen(): void {
    if (this.closed) throw new FigseekError('MODEL_UNAVAILABLE', shuttingDown);
  }

  /** The old model serves on. Told once: the choice is the same at the next look. */
  private markRejected(wanted: string, error: unknown): void {
    if (!this.closed && this.refused?.wanted !== wanted) {
      const [name = ''] = wanted.split(' ', 1);
      const serving = this.serving.model.name;
      const which = name === '' ? 'The chosen model' : `The chosen model ${name}`;
      console.error(`${which} cannot serve yet; ${serving} goes on: ${messageOf(error)}`);
    }
    this.refused = { wanted, at: Date.now() };
  }

  /** A model that was left a moment ago is at hand; its time to be closed does not come any more. */
  private rollback(version: string): ModelRuntime | null {
    const kept = this.left.find(({ stack }) => stack.model.version === version);
    if (kept === undefined) return null;
    clearTimeout(kept.timer);
    this.left = this.left.filter((one) => one !== kept);
    return kept.stack;
  }

  private swap(next: ModelRuntime): void {
    const old = this.serving;
    this.serving = next;
    this.caughtUpAt = 0;
    this.caughtUpWith = '';
    old.encoder.suspend();
    old.bulkEncoder.suspend();
    const timer = setTimeout(() => {
      this.left = this.left.filter(({ stack }) => stack !== old);
      void closeStack(old);
    }, ttlMs);
    timer.unref();
    this.left.push({ stack: old, timer });
    const [came, went] = [next, old].map(({ model: { name, version } }) => `${name} (${version.slice(0, 16)})`);
    console.error(`${came ?? ''} serves now, in the place of ${went ?? ''}`);
  }

  /**
   * Weights and depth that “tune” chose meanwhile; figures that an ingest, or a request that began by the old model, stored without
   * vectors of the one that serves.
   */
  private async refresh(): Promise<void> {
    const { embedMissing, model, tuned } = this.serving;
    if (Date.now() - this.caughtUpAt < catchUpEveryMs) return;
    try {
      await tuned.refresh();
      // To look for them goes through the corpus: only where it changed.
      const version = await this.corpusVersion();
      if (version === this.caughtUpWith) return;
      const { embedded } = await embedMissing.run(() => undefined);
      this.caughtUpWith = version;
      if (embedded > 0) console.error(`${numbered(embedded, 'figure')} of another model embedded by ${model.name}`);
    } catch (error) {
      if (!this.closed) console.error(`Figures that lack vectors of ${model.name} have none yet: ${messageOf(error)}`);
    }
    this.caughtUpAt = Date.now();
  }
}

async function closeStack({ encoder, bulkEncoder, space }: ModelRuntime): Promise<void> {
  await Promise.all([encoder.close(), bulkEncoder.close()]);
  await space.close();
}
