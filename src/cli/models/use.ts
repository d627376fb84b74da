import { Command } from 'commander';
import { loadConfig } from '../../app/config.js';
import { useModel } from '../../app/model-use-cases.js';
import type { UseReport } from '../../models/use-model.js';
import { consoleReporter } from '../console-reporter.js';
import { exitCodes } from '../exit.js';
import { printLine } from '../output.js';
import { localOperator } from '../../domain/viewer.js';

const failuresPrinted = 1000;

/** `figseek models use`: which model serves. */
export function modelsUseCommand(): Command {
  return new Command('use')
    .description(
      'makes a package active: embeds what is stored by it, beside the vectors that are served, then switches; a running server follows within seconds',
    )
    .argument('<name>')
    .option('--force', 'also where a lower precision answers otherwise than fp32 on your figures')
    .action(async (name: string, _options, self: Command) => {
      const { data, force } = self.optsWithGlobals<{ data?: string; force?: boolean }>();
      const config = loadConfig({ data, model: name });
      const report = await useModel(config).run(localOperator, name, { force: force === true }, consoleReporter);
      printLine(`${report.name} is active (${report.embedded} figures embedded now)`);
      reportFailures(report.failures);
      const { model } = loadConfig({ data });
      if (model !== null && model !== name) {
        printLine(`FIGSEEK_MODEL says ${model}: what is started with it goes on with that one`);
      }
    });
}

function reportFailures(failures: UseReport['failures']): void {
  if (failures.length === 0) return;
  process.exitCode = exitCodes.someRejected;
  printLine(`${failures.length} figures could not be embedded; fix their images and run this again:`);
  for (const { sourceKey, message } of failures.slice(0, failuresPrinted)) printLine(`  ${sourceKey}: ${message}`);
  if (failures.length > failuresPrinted) printLine(`  … and ${failures.length - failuresPrinted} more`);
}
