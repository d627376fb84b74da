import type { ProviderFailure, ProviderName } from '../../domain/inference-status.js';

/** What went wrong with a run. */
export interface RunFailure {
  /** An answer that says so, an answer that cannot be used, a process that ended, no answer in time. */
  readonly kind: 'error' | 'unusable' | 'ended' | 'silent';
  readonly message: string;
}

/** What a run was: work of one kind, so many inputs of it. */
interface Run {
  readonly kind: string;
  readonly count: number;
}

/** What becomes of the inputs of a run that failed. */
export type FailureDecision =
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
const maxExits = 2;
/** So many good runs since, and an end is an accident of the past. */
const goodRuns = 100;

/**
 * Which execution providers may still be tried. One that fails in the middle of the work is given up for as long as
 * the program runs, so that work goes on by the next one; where only memory was too small, runs become smaller. A CPU
 * is never given up.
 */
export class ProviderHealth {
  private lost: readonly ProviderFailure[] = [];
  private endings = 0;
  private runsSinceEnding = 0;
  /** By kind of work: an image takes other memory than a text. */
  private readonly maxInputs = new Map<string, number>();
  private validatedProviders: readonly ProviderName[] = [];

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

  /** Most inputs of a run of this kind that the memory of the device holds, as far as is known. */
  most(kind: string): number {
    return this.maxInputs.get(kind) ?? Infinity;
  }

  /** Providers that ran the model rightly: a child that replaces another need not try them so thoroughly. */
  get validated(): readonly ProviderName[] {
    return this.validatedProviders;
  }

  loadedBy(provider: ProviderName): void {
    this.validatedProviders = [...new Set([...this.validatedProviders, provider])];
  }

  succeeded(): void {
    if (++this.runsSinceEnding >= goodRuns) this.endings = 0;
  }

  /** @param run the kind of its work and the number of its inputs */
  failed(provider: ProviderName, { kind, message }: RunFailure, run: Run): FailureDecision {
    if (provider === 'cpu') return 'usual';
    if (kind === 'error' && outOfMemory.test(message) && run.count > 1) {
      const most = Math.floor(run.count / 2);
      this.maxInputs.set(run.kind, most);
      this.onProblem(
        `The memory of ${provider} was too small for ${run.count} inputs (${run.kind}) at once; from now on ${most}`,
      );
      return 'smaller';
    }
    if (kind === 'ended') {
      this.runsSinceEnding = 0;
      if (++this.endings < maxExits) return 'usual';
    }
    return this.disable(provider, message);
  }

  /** The process ended while this provider loaded the model. @returns whether another one is left */
  crashedDuringLoad(provider: ProviderName, reason: string): boolean {
    if (provider === 'cpu') return false;
    return this.disable(provider, reason, 'while it loaded the model') === 'elsewhere';
  }

  /** Takes providers back that were given up. @returns whether there were any */
  reinstate(providers: readonly ProviderName[]): boolean {
    const kept = this.lost.filter(({ provider }) => !providers.includes(provider));
    if (kept.length === this.lost.length) return false;
    this.lost = kept;
    this.onProblem(`An input failed by ${providers[0] ?? ''} and by the next provider: the first one is used again`);
    return true;
  }

  private disable(provider: ProviderName, reason: string, when = 'in the middle of the work'): FailureDecision {
    const next = this.usable.find((name) => name !== provider);
    if (next === undefined) return 'usual';
    this.lost = [...this.lost, { provider, reason }];
    this.endings = 0;
    this.maxInputs.clear();
    this.onProblem(`${provider} failed ${when} (${reason}); it goes on with ${next}, more slowly`);
    return 'elsewhere';
  }
}
