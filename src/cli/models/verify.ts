import path from 'node:path';
import { Command } from 'commander';
import { loadConfig, type Config } from '../../app/config.js';
import { FigseekError } from '../../domain/errors.js';
import { newEncoder } from '../../app/model-runtime.js';
import type { ModelComparison } from '../../evaluation/model-comparison.js';
import { checkItself, minCosine, type Finding, type SelfChecks } from '../../evaluation/self-checks.js';
import { readReferenceVectors, writeReferenceVectors } from '../../model-packages/reference-vectors.js';
import { goldenInputs } from '../../model-packages/reference-inputs.js';
import type { DualEncoderManifest, PackageManifest } from '../../model-packages/package-manifest.js';
import { ModelRegistry } from '../../model-packages/package-registry.js';
import { fp32Variant } from '../../model-packages/package-variants.js';
import { Database } from '../../adapters/sqlite/database.js';
import { comparePackages, defaultSample, describeComparison, minFigures, minOverlap } from '../compare-packages.js';
import { withApp } from '../context.js';
import { exitCodes } from '../exit.js';
import { printJson, printLine } from '../output.js';
import { wholeNumber } from '../number-options.js';

interface Options {
  readonly data?: string;
  readonly against?: string;
  readonly sample: number;
  readonly json?: boolean;
}

interface Verification {
  readonly name: string;
  readonly version: string;
  readonly findings: readonly Finding[];
  /** What the package kept of its first verification: compared with, kept now, or not kept. */
  readonly golden: 'compared' | 'kept' | 'not kept';
  readonly against: string | null;
  readonly comparison: ModelComparison | null;
}

/** The cosine with kept numbers falls below it where a runtime or a processor computes something else. */
const minReferenceCosine = 0.999;

const help = `
What it proves: the files are those of the import (sha256); the model runs here, gives finite vectors of unit length,
the same for an input alone and in a batch, others for other inputs; and the vectors of fixed inputs are still those
that the first verification kept in golden.json (after an update, on another processor or GPU). That the import itself
is right is proved by figseek's tests against the official code, not here. A lower precision is also held against the
fp32 package of the same checkpoint on a sample of your own figures: cosine, and share of the ten best answers in the
sample that both name.`;

export function modelsVerifyCommand(): Command {
  return new Command('verify')
    .description('checks the files of a package, its vectors, and a lower precision against fp32 on your figures')
    .argument('<name>')
    .option('--against <name>', 'the package to compare with (default: fp32 of the same checkpoint)')
    .option('--sample <n>', 'figures of the corpus to compare on', wholeNumber, defaultSample)
    .option('--json', 'print one JSON document')
    .addHelpText('after', help)
    .action(async (name: string, _options, self: Command) => {
      const options = self.optsWithGlobals<Options>();
      const config = loadConfig({ data: options.data, model: name });
      const manifest = await new ModelRegistry(config.models).verify(name);
      const verification = manifest.kind === 'segmenter' ? ofFiles(manifest) : await verify(config, manifest, options);
      if (options.json === true) printJson(verification);
      else print(verification);
      if (!verification.findings.every(({ holds }) => holds)) process.exitCode = exitCodes.verificationFailed;
    });
}

/** A segmenter embeds nothing: that its files are those of the import is all there is to say. */
function ofFiles({ name, version }: PackageManifest): Verification {
  return { name, version, findings: [], golden: 'not kept', against: null, comparison: null };
}

async function verify(
  config: Config,
  manifest: DualEncoderManifest,
  { against, sample }: Options,
): Promise<Verification> {
  const { name } = manifest;
  if (sample < minFigures) {
    throw new FigseekError('BAD_USER_INPUT', `Expected a --sample of at least ${minFigures} but received ${sample}`);
  }
  const registry = new ModelRegistry(config.models);
  const { checks, kept, golden } = await askModel(config, manifest);
  if (against !== undefined) await expectSameCheckpoint(registry, manifest, against);
  const reference = against ?? (await fp32Variant(registry, manifest))?.name ?? null;
  // To look makes nothing: without a database there is no corpus.
  const comparison =
    reference === null || !Database.exists(config.data)
      ? null
      : await withApp(config, (core) => comparePackages(core, config, reference, sample));
  const findings = [...checks.findings, ...(kept === null ? [] : [kept])];
  if (comparison !== null) {
    const { overlap: value } = comparison;
    const what = `the ten best answers of ${reference ?? ''} kept (“models use” expects ${minOverlap})`;
    findings.push({ what, value, holds: value >= minOverlap });
  }
  return { name, version: manifest.version, findings, golden, against: reference, comparison };
}

async function expectSameCheckpoint(
  registry: ModelRegistry,
  { name, checkpoint }: DualEncoderManifest,
  against: string,
): Promise<void> {
  if ((await registry.dualEncoder(against)).checkpoint === checkpoint) return;
  throw new FigseekError(
    'BAD_USER_INPUT',
    `Expected another precision of ${name} but ${against} is of another checkpoint`,
  );
}

interface Asked {
  readonly checks: SelfChecks;
  /** What became of the kept numbers; null where there were none. */
  readonly kept: Finding | null;
  readonly golden: Verification['golden'];
}

async function askModel(config: Config, { name, version }: DualEncoderManifest): Promise<Asked> {
  const model = await new ModelRegistry(config.models).load(name);
  const encoder = await newEncoder(model, config);
  try {
    const checks = await checkItself(encoder, goldenInputs(model));
    const folder = path.join(config.models, name);
    const golden = await readReferenceVectors(folder, version);
    const { images, texts } = checks;
    if (golden === null) {
      const plain = (vectors: readonly Float32Array[]) => vectors.map((vector) => [...vector]);
      const isSound = checks.findings.every(({ holds }) => holds);
      const written =
        isSound &&
        (await writeReferenceVectors(folder, { format: 1, version, images: plain(images), texts: plain(texts) }));
      return { checks, kept: null, golden: written ? 'kept' : 'not kept' };
    }
    const before = [...golden.images, ...golden.texts].map((vector) => Float32Array.from(vector));
    const value = minCosine(before, [...images, ...texts]);
    const what = 'the vectors of the first verification (cosine)';
    return { checks, kept: { what, value, holds: value >= minReferenceCosine }, golden: 'compared' };
  } finally {
    await encoder.close();
  }
}

function print({ name, version, findings, golden, against, comparison }: Verification): void {
  printLine(`${name} is whole (version ${version.slice(0, 16)})`);
  for (const { what, holds, value } of findings) {
    printLine(`${holds ? 'ok' : 'WRONG'}  ${what}: ${value.toPrecision(3)}`);
  }
  if (golden === 'kept')
    printLine('Its vectors of fixed inputs are kept in golden.json: a later verify compares with them');
  if (comparison !== null && against !== null) printLine(describeComparison(name, against, comparison));
  else if (against !== null) printLine(`Not compared with ${against}: the corpus has fewer than ${minFigures} figures`);
}
