import type { DualEncoder } from '../domain/dual-encoder.js';
import { FigseekError } from '../domain/errors.js';
import type { ModelCheck } from '../domain/model-check.js';
import { minComparedFigures, minOverlap, type ModelComparison } from '../domain/model-comparison.js';
import type { DualEncoderManifest } from '../model-packages/package-manifest.js';
import type { ModelRegistry } from '../model-packages/package-registry.js';
import { fp32Variant } from '../model-packages/package-variants.js';
import { goldenInputs } from '../model-packages/reference-inputs.js';
import { readReferenceVectors, writeReferenceVectors } from '../model-packages/reference-vectors.js';
import type { Encoder } from '../ports/encoder.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import type { CompareWith } from './package-comparison.js';
import { checkItself, minCosine, type SelfChecks } from './self-checks.js';
import type { Viewer } from '../domain/viewer.js';

export interface VerifyModelOptions {
  /** The package to compare with (default: fp32 of the same checkpoint). */
  readonly against: string | null;
  /** Most figures of the corpus to compare on. */
  readonly sample: number;
}

export interface Verification {
  readonly name: string;
  readonly version: string;
  readonly findings: readonly ModelCheck[];
  /** What the package kept of its first verification: compared with, kept now, or not kept. */
  readonly golden: 'compared' | 'kept' | 'not kept';
  readonly against: string | null;
  readonly comparison: ModelComparison | null;
}

interface ModelAnswers {
  readonly checks: SelfChecks;
  /** Whether the vectors are still the kept ones; null where none were kept. */
  readonly kept: ModelCheck | null;
  readonly golden: Verification['golden'];
}

/** The cosine with kept numbers falls below it where a runtime or a processor computes something else. */
const minReferenceCosine = 0.999;

/** Checks the files of a package, its vectors, and a lower precision against fp32 on figures of the corpus. */
export class VerifyModel {
  /**
   * @param openEncoder runs a model; closed here
   * @param compare compares the package with another one over the corpus
   */
  constructor(
    private readonly registry: Pick<ModelRegistry, 'folderOf' | 'list' | 'verify' | 'load' | 'dualEncoder'>,
    private readonly openEncoder: (model: DualEncoder) => Promise<Encoder>,
    private readonly compare: (name: string, ...comparison: Parameters<CompareWith>) => ReturnType<CompareWith>,
  ) {}

  /**
   * @throws {FigseekError} MODEL_UNAVAILABLE naming a file that is not the imported one; BAD_USER_INPUT for a sample that
   *   is too small, and for a package of another checkpoint
   */
  async run(
    _viewer: Viewer,
    name: string,
    { against, sample }: VerifyModelOptions,
    reporter: WorkReporter,
  ): Promise<Verification> {
    const manifest = await this.registry.verify(name);
    const { version } = manifest;
    // Other kinds embed nothing: that their files are those of the import is all that can be checked.
    if (manifest.kind !== 'dual-encoder') {
      return { name: manifest.name, version, findings: [], golden: 'not kept', against: null, comparison: null };
    }
    if (sample < minComparedFigures) {
      const expected = `Expected a --sample of at least ${minComparedFigures} but received ${sample}`;
      throw new FigseekError('BAD_USER_INPUT', expected);
    }
    const { checks, kept, golden } = await this.askModel(manifest);
    if (against !== null) await this.expectSameCheckpoint(manifest, against);
    const reference = against ?? (await fp32Variant(this.registry, manifest))?.name ?? null;
    const comparison = reference === null ? null : await this.compare(manifest.name, reference, sample, reporter);
    const findings = [...checks.findings, ...(kept === null ? [] : [kept])];
    if (comparison !== null) {
      const { overlap: value } = comparison;
      const what = `the ten best answers of ${reference ?? ''} kept (“models use” expects ${minOverlap})`;
      findings.push({ what, value, holds: value >= minOverlap });
    }
    return { name: manifest.name, version, findings, golden, against: reference, comparison };
  }

  private async expectSameCheckpoint({ name, checkpoint }: DualEncoderManifest, against: string): Promise<void> {
    if ((await this.registry.dualEncoder(against)).checkpoint === checkpoint) return;
    throw new FigseekError(
      'BAD_USER_INPUT',
      `Expected another precision of ${name} but ${against} is of another checkpoint`,
    );
  }

  /** Asks the model for vectors of fixed inputs. Sound ones are kept where none were, so that later ones can be compared. */
  private async askModel({ name, version }: DualEncoderManifest): Promise<ModelAnswers> {
    const model = await this.registry.load(name);
    const encoder = await this.openEncoder(model);
    try {
      const checks = await checkItself(encoder, goldenInputs(model));
      const folder = await this.registry.folderOf(name);
      const golden = await readReferenceVectors(folder, version);
      if (golden === null) {
        return { checks, kept: null, golden: (await keepVectors(folder, version, checks)) ? 'kept' : 'not kept' };
      }
      const before = [...golden.images, ...golden.texts].map((vector) => Float32Array.from(vector));
      const value = minCosine(before, [...checks.images, ...checks.texts]);
      const what = 'the vectors of the first verification (cosine)';
      return { checks, kept: { what, value, holds: value >= minReferenceCosine }, golden: 'compared' };
    } finally {
      await encoder.close();
    }
  }
}

/** @returns false where the vectors are not sound, or the folder takes no files */
async function keepVectors(folder: string, version: string, { findings, images, texts }: SelfChecks): Promise<boolean> {
  if (!findings.every(({ holds }) => holds)) return false;
  const plain = (vectors: readonly Float32Array[]) => vectors.map((vector) => [...vector]);
  return writeReferenceVectors(folder, { format: 1, version, images: plain(images), texts: plain(texts) });
}
