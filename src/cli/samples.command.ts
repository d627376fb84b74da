import type { INestApplicationContext } from '@nestjs/common';
import { Command } from 'commander';
import { loadConfig, type Config } from '../app/config.js';
import { ActiveModel } from '../app/active-model.js';
import { withApp } from '../app/command-context.js';
import { expectCorpus } from '../app/open-stores.js';
import { consoleReporter } from './console-reporter.js';
import { wholeNumber } from './number-options.js';
import { printLine } from './output.js';
import { writeSamples } from '../app/write-samples.js';
import { ingestSamples } from '../app/sample-filling.js';
import { SampleRemoval } from '../corpus/sample-removal.js';
import { localOperator } from '../domain/viewer.js';

/** `figseek samples`: the drawn figures, for trying the software. */
export function samplesCommand(): Command {
  const command = new Command('samples').description('the drawn sample figures: add, remove or write them');
  const withData = (work: (core: INestApplicationContext) => Promise<void>) => async (_: unknown, self: Command) => {
    await withApp(configOf(self), work);
  };
  command.command('add').description('draws the sample figures and embeds them').action(withData(addSamples));
  command
    .command('remove')
    .description('deletes the sample figures; the next start does not draw them again')
    .action(async (_, self: Command) => {
      expectCorpus(configOf(self));
      await withApp(configOf(self), printRemoval);
    });
  command
    .command('write')
    .description('writes sample figures into a folder as a labeled set, with true masks, for “figseek eval”')
    .argument('<folder>')
    .option('--count <n>', 'how many', wholeNumber, 120)
    .action(async (folder: string, { count }: { readonly count: number }) => {
      const { figures, masks } = await consoleReporter.track('drawing', count, (at) => writeSamples(folder, count, at));
      printLine(`${figures} figures and ${masks} true masks were written; figures.jsonl in ${folder} describes them`);
    });
  return command;
}

function configOf(command: Command): Config {
  return loadConfig({ data: command.optsWithGlobals<{ data?: string }>().data });
}

async function addSamples(core: INestApplicationContext): Promise<void> {
  const { added, unchanged } = await ingestSamples(core.get(ActiveModel), { restoreDeleted: true });
  printLine(`${added} sample figures were added, ${unchanged} were there`);
}

async function printRemoval(core: INestApplicationContext): Promise<void> {
  const removed = await core.get(SampleRemoval).removeAll(localOperator);
  printLine(removed === 0 ? 'There are no sample figures here' : `${removed} sample figures were removed`);
}
