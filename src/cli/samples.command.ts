import { ingestSamples } from '../app/sample-filling.js';
import type { INestApplicationContext } from '@nestjs/common';
import { Command } from 'commander';
import { loadConfig, type Config } from '../app/config.js';
import { FigureEditor } from '../corpus/figure-editor.js';
import { ActiveModel } from '../app/active-model.js';
import { FigureReader } from '../adapters/sqlite/figure-reader.js';
import { expectCorpus, withApp } from '../app/command-context.js';
import { printLine } from './output.js';
import { sampleKeys, sampleSource } from '../app/sample-items.js';

/** `figseek samples`: the drawn figures, for trying the software. */
export function samplesCommand(): Command {
  const command = new Command('samples').description('the drawn sample figures: add them, or remove them');
  const withData = (work: (core: INestApplicationContext) => Promise<void>) => async (_: unknown, self: Command) => {
    await withApp(configOf(self), work);
  };
  command.command('add').description('draws the sample figures and embeds them').action(withData(addSamples));
  command
    .command('remove')
    .description('deletes the sample figures; the next start does not draw them again')
    .action(async (_, self: Command) => {
      expectCorpus(configOf(self));
      await withApp(configOf(self), removeSamples);
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

async function removeSamples(core: INestApplicationContext): Promise<void> {
  const ids = await core.get(FigureReader).idsOfSource(sampleSource, sampleKeys());
  const editor = core.get(FigureEditor);
  for (const id of ids) await editor.delete(id);
  printLine(ids.length === 0 ? 'There are no sample figures here' : `${ids.length} sample figures were removed`);
}
