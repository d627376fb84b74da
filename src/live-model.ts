import { messageOf } from './domain/errors.js';
import type { ModelStack } from './model-stack.js';

/** Longer than the pages of an answer are kept: nobody asks a model any more that was left so long ago. */
const keptMs = 20 * 60_000;

export interface ModelChoice {
  readonly name: string;
  /** sha256; another package may have been put in the place of one of the same name. */
  readonly version: string;
}

/**
 * The model that serves. When another one is chosen (`figseek models use`, by any process) it is made ready beside the
 * one that serves, then takes over at once, both indexes together; the old one stays for the pages of its answers.
 */
export class LiveModel {
  private left: { readonly stack: ModelStack; readonly timer: NodeJS.Timeout }[] = [];
  private timer: NodeJS.Timeout | null = null;
  private changing: Promise<void> | null = null;
  private refused = '';

  /**
   * @param serving the stack to begin with
   * @param chosen what is to serve now
   * @param load makes a stack, without starting anything
   */
  constructor(
    private serving: ModelStack,
    private readonly chosen: () => Promise<ModelChoice>,
    private readonly load: (name: string) => Promise<ModelStack>,
  ) {}

  get current(): ModelStack {
    return this.serving;
  }

  /** Looks for another choice from time to time, until it is closed. */
  follow(everyMs: number): void {
    this.timer = setInterval(() => void this.followOnce(), everyMs);
    this.timer.unref();
  }

  /** Takes over another choice, if there is one; what fails is told, and the old model serves on. */
  followOnce(): Promise<void> {
    this.changing ??= this.takeOver().finally(() => (this.changing = null));
    return this.changing;
  }

  async close(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.changing;
    for (const { timer } of this.left) clearTimeout(timer);
    for (const { stack } of this.left.splice(0)) await closeStack(stack);
    await closeStack(this.serving);
  }

  private async takeOver(): Promise<void> {
    let next: ModelStack | null = null;
    let wanted = '';
    try {
      const choice = await this.chosen();
      wanted = `${choice.name} ${choice.version}`;
      if (choice.version === this.serving.model.version || wanted === this.refused) return;
      next = this.kept(choice.version) ?? (await this.load(choice.name));
      await next.encoder.start();
      await next.space.buildIfNeeded();
    } catch (error) {
      // Told once: the choice is the same at the next look.
      if (wanted !== '' && wanted !== this.refused) {
        console.error(
          `The chosen model ${wanted.split(' ', 1)[0] ?? ''} cannot serve; ${this.serving.model.name} goes on: ${messageOf(error)}`,
        );
      }
      this.refused = wanted;
      if (next !== null && !this.left.some(({ stack }) => stack === next)) await closeStack(next);
      return;
    }
    this.swap(next);
    this.refused = '';
    await this.catchUp(next);
  }

  /** A model that was left a moment ago is at hand. */
  private kept(version: string): ModelStack | null {
    return this.left.find(({ stack }) => stack.model.version === version)?.stack ?? null;
  }

  private swap(next: ModelStack): void {
    const old = this.serving;
    this.serving = next;
    for (const { stack, timer } of this.left) if (stack === next) clearTimeout(timer);
    this.left = this.left.filter(({ stack }) => stack !== next);
    old.encoder.rest();
    old.bulkEncoder.rest();
    const timer = setTimeout(() => {
      this.left = this.left.filter(({ stack }) => stack !== old);
      void closeStack(old);
    }, keptMs);
    timer.unref();
    this.left.push({ stack: old, timer });
    console.error(`${next.model.name} serves now, in the place of ${old.model.name}`);
  }

  /** Figures that were added by the old model while the new one was made ready. */
  private async catchUp(stack: ModelStack): Promise<void> {
    try {
      const { embedded } = await stack.embedMissing.run(() => undefined);
      if (embedded > 0) console.error(`${embedded} figures that came meanwhile were embedded by ${stack.model.name}`);
    } catch (error) {
      console.error(`Figures that came meanwhile are not embedded by ${stack.model.name} yet: ${messageOf(error)}`);
    }
  }
}

async function closeStack({ encoder, bulkEncoder, space }: ModelStack): Promise<void> {
  await Promise.all([encoder.close(), bulkEncoder.close()]);
  await space.close();
}
