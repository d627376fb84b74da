import { Command } from 'commander';
import { loadConfig } from '../../app/config.js';
import { calibrateModel } from '../../app/model-use-cases.js';
import { starterModel } from '../../models/active-model-name.js';
import { consoleReporter } from '../console-reporter.js';
import { localOperator } from '../../domain/viewer.js';

/** `figseek models calibrate`: how many threads and images a run suit a model here. */
export function modelsCalibrateCommand(): Command {
  return new Command('calibrate')
    .description('measures how many threads and images of one run suit a model on this machine, and keeps it')
    .argument('[name]', 'a model package (default: starter, or FIGSEEK_MODEL)')
    .action(async (name: string | undefined, _options, self: Command) => {
      const config = loadConfig({ data: self.optsWithGlobals<{ data?: string }>().data, model: name });
      await calibrateModel(config).run(localOperator, config.model ?? starterModel, consoleReporter);
    });
}
