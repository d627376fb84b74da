import { Command } from 'commander';
import { withApp } from '../app/command-context.js';
import { loadConfig } from '../app/config.js';
import { expectCorpus } from '../app/open-stores.js';
import { classifyPanels } from '../app/panel-classes.js';
import { classifyTrainCommand } from './classify-train.js';
import { consoleReporter } from './console-reporter.js';
import { exitCodes } from './exit.js';
import { printJson, printLine } from './output.js';
import { stopAtInterrupt } from './stop-at-interrupt.js';
import { numbered } from '../domain/numbered.js';

export function classifyCommand(): Command {
  const command = new Command('classify')
    .description('gives each panel a figure type and a modality, where it has none by the model in use')
    .option('--json', 'print one JSON document')
    .action(async (_options, self: Command) => {
      await classify(self.optsWithGlobals<{ data?: string; json?: boolean }>());
    });
  return command.addCommand(classifyTrainCommand());
}

async function classify({ data, json }: { readonly data?: string; readonly json?: boolean }): Promise<void> {
  const config = loadConfig({ data });
  expectCorpus(config);
  const signal = stopAtInterrupt('Stopping after the panels in hand; once more stops at once');
  await withApp(config, async (core) => {
    const classified = await classifyPanels(core, consoleReporter, signal);
    if (json === true) printJson({ classified });
    else printLine(`${numbered(classified, 'panel')} classified`);
  });
  if (signal.aborted) process.exitCode = exitCodes.interrupted;
}
