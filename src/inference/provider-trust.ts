import type { ProviderFailure, ProviderName } from './messages.js';

/** What went wrong with a run. */
export interface RunFault {
  /** An answer that says so, an answer that cannot be used, a process that ended, no answer in time. */
  readonly kind: 'error' | 'unusable' | 'ended' | 'silent';
  readonly message: string;
}

/** What becomes of the inputs of a run that failed. */
export type Verdict =
  /** The provider is not to blame, or there is no other: as the runner does without a GPU. */
  | 'usual'
  /** Again by the same provider, in smaller runs. */
  | 'smaller'
  /** Again by the next provider. */
  | 'elsewhere';

const outOfMemory = /out of memory|failed to allocate|CUBLAS_STATUS_ALLOC_FAILED|cudaErrorMemoryAllocation/i;

/**
 * A process that ends once may have had a bad input, and is tried again; a second time soon after, whatever the input,
 * tells that the device is unfit.
 */
const mostEndings = 2;
/** So many good runs since, and an end is an accident of the past. */
const goodRuns = 100;

/**
 * Which execution providers may still be tried. One that fails in the middle of the work is given up for as long as
 * the program runs, so that work goes on by the next one; where only memory was too small, runs become smaller. A CPU
 * is never given up.
 */
export class ProviderTrust {
  private lost: readonly ProviderFailure[] = [];
  private endings = 0;
  private runsSinceEnding = 0;
  private mostInputs = Infinity;

  /** @param onProblem told each time when something changes for the worse */
  constructor(
    private readonly wanted: readonly ProviderName[],
    private readonly onProblem: (message: string) => void,
  ) {}

  /** In order of preference. */
  get usable(): readonly ProviderName[] {
    return this.wanted.filter((name) => !this.lost.some(({ provider }) => provider === name));
  }

  /** Providers that failed in the middle of the work. */
  get failures(): readonly ProviderFailure[] {
    return this.lost;
  }

  /** Most inputs of a run that the memory of the device holds, as far as is known. */
  get most(): number {
    return this.mostInputs;
  }

  succeeded(): void {
    if (++this.runsSinceEnding >= goodRuns) this.endings = 0;
  }

  /** @param count inputs of the run */
  failed(provider: ProviderName, { kind, message }: RunFault, count: number): Verdict {
    if (provider === 'cpu') return 'usual';
    if (kind === 'error' && outOfMemory.test(message) && count > 1) {
      this.mostInputs = Math.floor(count / 2);
      this.onProblem(
        `The memory of ${provider} was too small for ${count} inputs at once; from now on ${this.mostInputs}`,
      );
      return 'smaller';
    }
    if (kind === 'ended') {
      this.runsSinceEnding = 0;
      if (++this.endings < mostEndings) return 'usual';
    }
    return this.giveUp(provider, message);
  }

  /** The process ended while the model was loaded by the first usable provider. @returns whether another one is left */
  killedAtLoad(reason: string): boolean {
    const [provider] = this.usable;
    return provider !== undefined && provider !== 'cpu' && this.giveUp(provider, reason) === 'elsewhere';
  }

  /** Takes providers back that were given up. @returns whether there were any */
  pardon(providers: readonly ProviderName[]): boolean {
    const kept = this.lost.filter(({ provider }) => !providers.includes(provider));
    if (kept.length === this.lost.length) return false;
    this.lost = kept;
    this.onProblem(`An input failed by ${providers[0] ?? ''} and by the next provider: the first one is used again`);
    return true;
  }

  private giveUp(provider: ProviderName, reason: string): Verdict {
    const next = this.usable.find((name) => name !== provider);
    if (next === undefined) return 'usual';
    this.lost = [...this.lost, { provider, reason }];
    this.endings = 0;
    this.mostInputs = Infinity;
    this.onProblem(`${provider} failed in the middle of the work (${reason}); it goes on with ${next}, more slowly`);
    return 'elsewhere';
  }
}
