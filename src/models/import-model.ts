import path from 'node:path';
import type { DualEncoder } from '../domain/dual-encoder.js';
import { FigseekError, messageOf } from '../domain/errors.js';
import type { Precision } from '../domain/precision.js';
import { importModelFolder } from '../model-import/import-folder.js';
import { defaultPackageName, type PackageManifest } from '../model-packages/package-manifest.js';
import { goldenInputs } from '../model-packages/reference-inputs.js';
import type { ModelRegistry } from '../model-packages/package-registry.js';
import type { Encoder } from '../ports/encoder.js';
import { checkItself } from './self-checks.js';
import type { Viewer } from '../domain/viewer.js';

export interface ImportModelOptions {
  /** Name of the package (default: the name of the folder, with the precision where it is not fp32). */
  readonly as?: string;
  readonly precision?: Precision;
  readonly license?: string;
  readonly warning?: string;
  readonly replace?: boolean;
}

export interface ImportedModel {
  readonly manifest: PackageManifest;
  /** Whether the active package is another version now, whose vectors are to be made. */
  readonly replacesActive: boolean;
}

/** Makes a model package of a folder of published files. */
export class ImportModel {
  /**
   * @param activeName name of the package that serves
   * @param newEncoder runs a model that is not in its place yet; closed here
   */
  constructor(
    private readonly registry: Pick<ModelRegistry, 'modelsDir' | 'manifest'>,
    private readonly activeName: () => Promise<string>,
    private readonly newEncoder: (model: DualEncoder) => Encoder,
  ) {}

  /** @throws {FigseekError} BAD_USER_INPUT naming the file and the reason; CONFLICT where the name is taken */
  async run(_viewer: Viewer, folder: string, { as, ...options }: ImportModelOptions): Promise<ImportedModel> {
    const name = as ?? defaultPackageName(path.basename(path.resolve(folder)), options.precision);
    const before = await this.registry.manifest(name).catch(() => null);
    const manifest = await importModelFolder(folder, {
      name,
      modelsDir: this.registry.modelsDir,
      tryOut: (model, tokens) => this.tryOut(model, tokens),
      ...options,
    });
    const hasChanged = before?.version !== manifest.version;
    return { manifest, replacesActive: hasChanged && (await this.activeName()) === manifest.name };
  }

  /** Graphs that others made: what must hold of any dual encoder holds of this one. @throws {Error} naming what does not */
  private async tryOut(model: DualEncoder, tokens: number): Promise<void> {
    const encoder = this.newEncoder(model);
    try {
      await tryLongestText(encoder, tokens);
      const { findings } = await checkItself(encoder, goldenInputs(model));
      const wrong = findings.filter(({ holds }) => !holds).map(({ what, value }) => `${what}: ${value.toPrecision(3)}`);
      if (wrong.length > 0) throw new Error(`it does not keep what must hold of a dual encoder (${wrong.join('; ')})`);
    } finally {
      await encoder.close();
    }
  }
}

/**
 * A text as long as `model.json` allows, of the last token there is: the graph must have a place for both.
 * @throws {FigseekError} BAD_USER_INPUT where the graph runs on a short text of the first token, and not on this one
 */
async function tryLongestText(encoder: Encoder, tokens: number): Promise<void> {
  const { contextLength } = encoder.model;
  // What fails here already is no matter of sizes, and is told as it is.
  await encoder.embedTokens([Int32Array.of(0, 0)], 'bulk');
  await encoder.embedTokens([new Int32Array(contextLength).fill(tokens - 1)], 'bulk').catch((error: unknown) => {
    const [cause = ''] = messageOf(error).split('\n');
    const tried = `texts of ${contextLength} tokens with ids up to ${tokens - 1}`;
    const message = `The text graph could not run on ${tried}: contextLength in model.json or the vocabulary does not fit the graph (${cause})`;
    throw new FigseekError('BAD_USER_INPUT', message, { cause: error });
  });
}
