import { Command } from 'commander';
import { advice } from '../../app/advice.js';
import { expectCorpus } from '../../app/open-stores.js';
import { loadConfig } from '../../app/config.js';
import { withForgetModel } from '../../app/model-use-cases.js';
import { FigseekError } from '../../domain/errors.js';
import type { ForgetModel } from '../../models/forget-model.js';
import { printLine } from '../output.js';
import { localOperator } from '../../domain/viewer.js';

/** `figseek models forget`: which vectors are kept. */
export function modelsForgetCommand(): Command {
  return new Command('forget')
    .description('deletes the vectors and indexes that a package made; the package itself stays')
    .argument('[name]')
    .option('--unused', 'those of all packages that are gone or were replaced')
    .action(async (name: string | undefined, _options, self: Command) => {
      const { data, unused } = self.optsWithGlobals<{ data?: string; unused?: boolean }>();
      const config = loadConfig({ data });
      expectCorpus(config);
      if (name !== undefined && unused !== true) {
        const { vectors } = await withForgetModel(config, (forget) => forget.run(localOperator, name));
        const again = advice(`models use ${name}`, config.data);
        printLine(`${name}: ${vectors} vectors forgotten; “${again}” would make them again`);
      } else if (name === undefined && unused === true) await withForgetModel(config, forgetUnused);
      else {
        const came = name === undefined ? 'neither' : 'both';
        throw new FigseekError('BAD_USER_INPUT', `Expected the name of a package or --unused but received ${came}`);
      }
    });
}

async function forgetUnused(forget: ForgetModel): Promise<void> {
  let isNone = true;
  for await (const { version, vectors } of forget.runUnused(localOperator)) {
    isNone = false;
    printLine(`${version.slice(0, 16)}: ${vectors} vectors forgotten`);
  }
  if (isNone) printLine('Every vector is of a package that is there');
}
