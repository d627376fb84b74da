import { Command } from 'commander';
import { loadConfig } from '../../app/config.js';
import { useModel } from '../../app/model-use-cases.js';
import { FigseekError } from '../../domain/errors.js';
import type { UseReport } from '../../models/use-model.js';
import { consoleReporter } from '../console-reporter.js';
import { exitCodes } from '../exit.js';
import { printLine } from '../output.js';
import { localOperator } from '../../domain/viewer.js';
import { numbered } from '../../domain/numbered.js';

const failuresPrinted = 1000;

/** `figseek models use`: which model serves. */
export function modelsUseCommand(): Command {
  return new Command('use')
    .description(
      'makes a package active: a dual encoder embeds what is stored, beside the vectors that are served, then takes over, and a running server follows within seconds; a panel detector finds the panels of the next ingest',
    )
    .argument('[name]')
    .option('--force', 'also where a lower precision answers otherwise than fp32 on your figures')
    .option('--no-panel-detector', 'find panels by rules again, without a detector')
    .action(async (name: string | undefined, _options, self: Command) => {
      const options = self.optsWithGlobals<Options>();
      if (!options.panelDetector) await useNoDetector(options);
      if (name !== undefined) await usePackage(name, options);
      else if (options.panelDetector) {
        throw new FigseekError('BAD_USER_INPUT', 'Expected the name of a package, or --no-panel-detector');
      }
    });
}

interface Options {
  readonly data?: string;
  readonly force?: boolean;
  readonly panelDetector: boolean;
}

async function useNoDetector({ data }: Options): Promise<void> {
  const config = loadConfig({ data });
  await useModel(config).useNoDetector(localOperator);
  printLine('The next ingest finds panels by rules');
  if (config.panelDetector !== null) tellConfigured('FIGSEEK_PANEL_DETECTOR', config.panelDetector);
}

async function usePackage(name: string, { data, force }: Options): Promise<void> {
  const config = loadConfig({ data, model: name });
  const report = await useModel(config).run(localOperator, name, { force: force === true }, consoleReporter);
  const { model, panelDetector } = loadConfig({ data });
  if (report.kind === 'panel-detector') {
    printLine(`${report.name} is active: the next ingest finds panels by it`);
    if (panelDetector !== null && panelDetector !== name) tellConfigured('FIGSEEK_PANEL_DETECTOR', panelDetector);
    return;
  }
  printLine(`${report.name} is active (${numbered(report.embedded, 'figure')} embedded now)`);
  reportFailures(report.failures);
  if (model !== null && model !== name) tellConfigured('FIGSEEK_MODEL', model);
}

function tellConfigured(variable: string, value: string): void {
  printLine(`${variable} says ${value}: what is started with it goes on with that one`);
}

function reportFailures(failures: UseReport['failures']): void {
  if (failures.length === 0) return;
  process.exitCode = exitCodes.someRejected;
  printLine(`${failures.length} figures could not be embedded; fix their images and run this again:`);
  for (const { sourceKey, message } of failures.slice(0, failuresPrinted)) printLine(`  ${sourceKey}: ${message}`);
  if (failures.length > failuresPrinted) printLine(`  … and ${failures.length - failuresPrinted} more`);
}
