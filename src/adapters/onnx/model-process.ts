import { fileURLToPath } from 'node:url';
import { FigseekError, messageOf } from '../../domain/errors.js';
import type { ProviderFailure, ProviderName } from '../../domain/inference-status.js';
import { WorkerProcess, shuttingDown } from '../../platform/worker-process.js';
import type { InferenceOptions, ModelWork } from './inference-options.js';
import type { Answer, Work } from './messages.js';
import type { ProviderHealth } from './provider-health.js';

type InferenceChild = WorkerProcess<Work, Answer>;

interface Loaded {
  readonly provider: ProviderName;
  /** Providers that were preferred and cannot be used here, each with its reason. */
  readonly failures: readonly ProviderFailure[];
}

/**
 * The child process in which a model runs. It is started with the first execution provider that can load the model, and
 * started again after it ended.
 */
export class ModelProcess {
  private current: InferenceChild | null = null;
  private loaded: Loaded | null = null;
  private starting: Promise<void> | null = null;
  private closed = false;
  private discarded = 0;

  /** @param isInUse whether a caller sends work, and so learns by itself that the child ended */
  constructor(
    private readonly model: Pick<ModelWork<never, unknown>, 'name' | 'files'>,
    private readonly options: InferenceOptions,
    private readonly health: ProviderHealth,
    private readonly isInUse: () => boolean,
  ) {}

  /** The child; null while there is none. */
  get child(): InferenceChild | null {
    return this.current;
  }

  /** The provider that loaded the model; null while it is not loaded. */
  get provider(): ProviderName | null {
    return this.loaded?.provider ?? null;
  }

  /** Providers that could not load the model, of the present child. */
  get loadFailures(): readonly ProviderFailure[] {
    return this.loaded?.failures ?? [];
  }

  /** How often a child was replaced. */
  get restarts(): number {
    return this.discarded;
  }

  get isStarting(): boolean {
    return this.starting !== null;
  }

  get isClosed(): boolean {
    return this.closed;
  }

  /** @throws {FigseekError} MODEL_UNAVAILABLE after `close` */
  assertOpen(): void {
    if (this.closed) throw new FigseekError('MODEL_UNAVAILABLE', shuttingDown);
  }

  /** Starts the child and loads the model, unless it is loaded. @throws {FigseekError} MODEL_UNAVAILABLE with the reason */
  async start(): Promise<void> {
    this.starting ??= this.launch().finally(() => (this.starting = null));
    await this.starting;
  }

  /** Ends the child, which frees its memory. */
  terminate(): void {
    this.current?.kill();
    this.current = null;
    this.loaded = null;
  }

  /** Ends the child because it cannot be used any more; `start` starts another one. */
  discard(): void {
    this.terminate();
    this.discarded += 1;
  }

  /** Ends the child for good. */
  async close(): Promise<void> {
    this.closed = true;
    this.current?.kill();
    await this.starting?.catch(() => undefined);
  }

  private async launch(): Promise<void> {
    this.assertOpen();
    if (this.loaded !== null) return;
    const child = this.fork();
    const failures: ProviderFailure[] = [];
    for (const provider of this.health.usable) {
      const reason = await this.loadBy(provider, child).catch((error: unknown) => {
        this.discard();
        // A provider that ends the process is skipped like one that gives a reason.
        if (!this.closed && this.health.crashedDuringLoad(provider, messageOf(error))) return 'killed' as const;
        throw this.describeLoadFailure(messageOf(error));
      });
      if (reason === 'killed') return this.launch();
      if (reason === null) {
        this.loaded = { provider, failures };
        this.health.loadedBy(provider);
        return;
      }
      failures.push({ provider, reason });
    }
    this.discard();
    const reasons = failures.map(({ provider, reason }) => `${provider}: ${reason}`).join('; ');
    throw this.describeLoadFailure(`No execution provider could load the model (${reasons})`);
  }

  private fork(): InferenceChild {
    const { entry = fileURLToPath(new URL('./child.js', import.meta.url)), niceness = 0 } = this.options;
    const child: InferenceChild = new WorkerProcess(
      (ended) => {
        this.noteExit(ended);
      },
      { entry, name: 'inference process', niceness },
    );
    this.current = child;
    return child;
  }

  /** @returns why the provider cannot be used; null where it has loaded the model @throws {WorkerExited} */
  private async loadBy(provider: ProviderName, child: InferenceChild): Promise<string | null> {
    const { threads, device = 0, gpuMemory = 0, timeoutMs } = this.options;
    const { usable, validated } = this.health;
    const tries = { provider, isBeforeCpu: usable.includes('cpu'), isProven: validated.includes(provider) };
    const work = { kind: 'load', model: this.model.files, ...tries, threads, device, gpuMemory } as const;
    // Ten limits: a full-size model is read from disk here, once.
    const { answer } = await child.ask(work, timeoutMs * 10);
    if (answer.kind === 'loaded') return null;
    return answer.kind === 'failed' ? answer.message : 'it gave an answer of another kind';
  }

  private describeLoadFailure(reason: string): FigseekError {
    return new FigseekError('MODEL_UNAVAILABLE', `The model ${this.model.name} cannot be loaded: ${reason}`);
  }

  // Without a request in flight nothing else notices that the process ended: the next request starts another one.
  private noteExit(ended: InferenceChild): void {
    if (ended === this.current && !this.isInUse() && this.starting === null) this.discard();
  }
}
