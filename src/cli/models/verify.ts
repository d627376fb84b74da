import { Command } from 'commander';
import { loadConfig } from '../../app/config.js';
import { verifyModel } from '../../app/model-use-cases.js';
import { defaultSampleSize, minComparedFigures } from '../../domain/model-comparison.js';
import { describeComparison } from '../../models/package-comparison.js';
import type { Verification } from '../../models/verify-model.js';
import { consoleReporter } from '../console-reporter.js';
import { exitCodes } from '../exit.js';
import { wholeNumber } from '../number-options.js';
import { printJson, printLine } from '../output.js';
import { localOperator } from '../../domain/viewer.js';

interface Options {
  readonly data?: string;
  readonly against?: string;
  readonly sample: number;
  readonly json?: boolean;
}

const help = `
What it proves: the files are those of the import (sha256); the model runs here, gives finite vectors of unit length,
the same for an input alone and in a batch, others for other inputs; and the vectors of fixed inputs are still those
that the first verification kept in golden.json (after an update, on another processor or GPU). That the import itself
is right is proved by figseek's tests against the official code, not here. A lower precision is also held against the
fp32 package of the same checkpoint on a sample of your own figures: cosine, and share of the ten best answers in the
sample that both name.`;

/** `figseek models verify`: whether a package is whole and computes what it did. */
export function modelsVerifyCommand(): Command {
  return new Command('verify')
    .description('checks the files of a package, its vectors, and a lower precision against fp32 on your figures')
    .argument('<name>')
    .option('--against <name>', 'the package to compare with (default: fp32 of the same checkpoint)')
    .option('--sample <n>', 'figures of the corpus to compare on', wholeNumber, defaultSampleSize)
    .option('--json', 'print one JSON document')
    .addHelpText('after', help)
    .action(async (name: string, _options, self: Command) => {
      const { data, against = null, sample, json } = self.optsWithGlobals<Options>();
      const config = loadConfig({ data, model: name });
      const verification = await verifyModel(config).run(localOperator, name, { against, sample }, consoleReporter);
      if (json === true) printJson(verification);
      else print(verification);
      if (!verification.findings.every(({ holds }) => holds)) process.exitCode = exitCodes.verificationFailed;
    });
}

function print({ name, version, findings, golden, against, comparison }: Verification): void {
  printLine(`${name} is whole (version ${version.slice(0, 16)})`);
  for (const { what, holds, value } of findings) {
    printLine(`${holds ? 'ok' : 'WRONG'}  ${what}: ${value.toPrecision(3)}`);
  }
  if (golden === 'kept')
    printLine('Its vectors of fixed inputs are kept in golden.json: a later verify compares with them');
  if (comparison !== null && against !== null) printLine(describeComparison(name, against, comparison));
  else if (against !== null)
    printLine(`Not compared with ${against}: the corpus has fewer than ${minComparedFigures} figures`);
}
