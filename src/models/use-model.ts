import { FigseekError } from '../domain/errors.js';
import { defaultSampleSize, minComparedFigures, minOverlap } from '../domain/model-comparison.js';
import type { DualEncoderManifest } from '../model-packages/package-manifest.js';
import type { ModelRegistry } from '../model-packages/package-registry.js';
import { fp32Variant } from '../model-packages/package-variants.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import type { CalibrateModel } from './calibrate-model.js';
import { describeComparison, type CompareWith } from './package-comparison.js';
import type { Viewer } from '../domain/viewer.js';

/** Figures that were embedded, and those that could not be. */
interface EmbeddingReport {
  readonly embedded: number;
  readonly failures: readonly { readonly sourceKey: string; readonly message: string }[];
}

/** What making a package active did. */
export interface UseReport extends EmbeddingReport {
  readonly kind: 'dual-encoder' | 'panel-detector';
  /** Of the package that serves now. */
  readonly name: string;
}

/** A package that is being made active, beside the one that serves. */
export interface ModelActivation {
  /** From now on “models forget” leaves its vectors. */
  acquireLease(): Promise<void>;
  /** Figures without a vector of it. */
  countMissing(): Promise<number>;
  embedMissing(onProgress: (done: number) => void): Promise<EmbeddingReport>;
  buildIndex(): Promise<void>;
  readonly compareWith: CompareWith;
  /** From now on it serves. */
  activate(): Promise<void>;
}

/** The corpus that a package is made active for. */
export interface ModelCorpus {
  /** From now on ingests find panels by this package; null: by rules. */
  setPanelDetector(name: string | null): Promise<void>;
  /** Whether there are figures and each has a vector of this model version. */
  hasEmbeddedAll(version: string): Promise<boolean>;
  /** Opens a package over the corpus, and closes it after `work`. */
  withActivation<Result>(name: string, work: (activation: ModelActivation) => Promise<Result>): Promise<Result>;
}

/** Makes a package active: embeds what is stored, builds the index beside the one that serves, then switches. */
export class UseModel {
  constructor(
    private readonly registry: Pick<ModelRegistry, 'manifest' | 'dualEncoder' | 'loadPanelDetector' | 'list'>,
    private readonly calibrate: Pick<CalibrateModel, 'runOnce'>,
    private readonly corpus: ModelCorpus,
  ) {}

  /**
   * @param given the name of a package
   * @param force also where a lower precision answers otherwise than fp32
   * @returns what was embedded now; failures are those that remained
   * @throws {FigseekError} MODEL_UNAVAILABLE where the package cannot be used, or gives other answers than fp32
   */
  async run(
    viewer: Viewer,
    given: string,
    { force }: { readonly force: boolean },
    reporter: WorkReporter,
  ): Promise<UseReport> {
    // Before anything is made for a name that is misspelled.
    if ((await this.registry.manifest(given)).kind === 'panel-detector') return this.useDetector(given);
    const chosen = await this.registry.dualEncoder(given);
    const { name } = chosen;
    // A model whose vectors are all there is made active at once.
    if (!(await this.corpus.hasEmbeddedAll(chosen.version))) await this.calibrate.runOnce(viewer, chosen, reporter);
    return this.corpus.withActivation(given, async (activation) => {
      await activation.acquireLease();
      // The comparison was told when the vectors were made.
      if (!force && (await activation.countMissing()) > 0) await this.refuseUnlikeFp32(chosen, activation, reporter);
      const first = await embed(name, activation, reporter);
      await activation.buildIndex();
      // What came while the index was built; a server that follows embeds what still comes.
      const second = await embed(name, activation, reporter);
      await activation.activate();
      return { name, kind: 'dual-encoder', embedded: first.embedded + second.embedded, failures: second.failures };
    });
  }

  /** From now on ingests find panels by rules. */
  async useNoDetector(_viewer: Viewer): Promise<void> {
    await this.corpus.setPanelDetector(null);
  }

  /** The next ingest finds panels by it; nothing that is stored changes before. */
  private async useDetector(given: string): Promise<UseReport> {
    const { name } = await this.registry.loadPanelDetector(given);
    await this.corpus.setPanelDetector(name);
    return { name, kind: 'panel-detector', embedded: 0, failures: [] };
  }

  private async refuseUnlikeFp32(
    manifest: DualEncoderManifest,
    activation: ModelActivation,
    reporter: WorkReporter,
  ): Promise<void> {
    const { name } = manifest;
    if (manifest.precision === 'fp32') return;
    const reference = await fp32Variant(this.registry, manifest);
    if (reference === undefined) {
      const told = `${name} is ${manifest.precision}, and no fp32 package of its checkpoint is here to compare it with`;
      // It computes in float32 all the same: only the last digits of its weights differ.
      if (manifest.precision !== 'fp16-weights') {
        const fix = 'pull or import it without --precision as well, or say --force';
        throw new FigseekError('MODEL_UNAVAILABLE', `${name} was not made active. ${told}: ${fix}`);
      }
      reporter.tell(told);
      return;
    }
    const comparison = await activation.compareWith(reference.name, defaultSampleSize, reporter);
    if (comparison === null) {
      reporter.tell(`Not compared with ${reference.name}: the corpus has fewer than ${minComparedFigures} figures`);
      return;
    }
    const told = describeComparison(name, reference.name, comparison);
    if (comparison.overlap < minOverlap) {
      const expected = `expected ${100 * minOverlap} %; use ${reference.name}, or say --force`;
      throw new FigseekError('MODEL_UNAVAILABLE', `${name} was not made active. ${told}; ${expected}`);
    }
    reporter.tell(told);
  }
}

async function embed(name: string, activation: ModelActivation, reporter: WorkReporter): Promise<EmbeddingReport> {
  const total = await activation.countMissing();
  if (total === 0) return { embedded: 0, failures: [] };
  return reporter.track(`embedding by ${name}`, total, (at) =>
    activation.embedMissing((done) => {
      at(done);
    }),
  );
}
