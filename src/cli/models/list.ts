import { Command } from 'commander';
import { loadConfig } from '../../app/config.js';
import { listModels } from '../../app/model-use-cases.js';
import { printJson, printLine } from '../output.js';
import { modelsCalibrateCommand } from './calibrate.js';
import { modelsCompareCommand } from './compare.js';
import { modelsForgetCommand } from './forget.js';
import { formatPackage } from './format-package.js';
import { modelsImportCommand } from './import.js';
import { modelsPullCommand } from './pull.js';
import { modelsUseCommand } from './use.js';
import { modelsVerifyCommand } from './verify.js';
import { localOperator } from '../../domain/viewer.js';

export function modelsCommand(): Command {
  const command = new Command('models')
    .description('lists model packages; see its sub-commands')
    .option('--json', 'JSON')
    .action(async (_options, self: Command) => {
      await list(self.optsWithGlobals<{ data?: string; json?: boolean }>());
    });
  for (const child of [
    modelsPullCommand(),
    modelsImportCommand(),
    modelsVerifyCommand(),
    modelsCompareCommand(),
    modelsCalibrateCommand(),
    modelsUseCommand(),
    modelsForgetCommand(),
  ]) {
    command.addCommand(child.exitOverride());
  }
  return command;
}

async function list({ data, json }: { data?: string; json?: boolean }): Promise<void> {
  const { packages, active, activeDetector, pullable } = await listModels(loadConfig({ data })).run(localOperator);
  const isActive = ({ name }: { name: string }) => name === active || name === activeDetector;
  if (json === true) {
    printJson(packages.map((manifest) => ({ ...manifest, active: isActive(manifest) })));
    return;
  }
  for (const manifest of packages) {
    const mark = isActive(manifest) ? '  active' : '';
    printLine(`${formatPackage(manifest)}  ${manifest.license}${mark}`);
    if (manifest.warning !== null) printLine(`  ${manifest.warning}`);
  }
  for (const { name, license, intendedUse } of pullable) {
    printLine(`not here: ${name}  ${license ?? 'license: see its model card'}; npx figseek models pull ${name}`);
    printLine(`  ${intendedUse}`);
  }
}
