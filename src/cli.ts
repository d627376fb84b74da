#!/usr/bin/env node
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { atlasCommand } from './cli/atlas.command.js';
import { benchCommand } from './cli/bench.command.js';
import { collectionsCommand } from './cli/collections.command.js';
import { classifyCommand } from './cli/classify.command.js';
import { doctorCommand } from './cli/doctor.command.js';
import { duplicatesCommand } from './cli/duplicates.command.js';
import { embedCommand } from './cli/embed.command.js';
import { faultsCommand } from './cli/faults.command.js';
import { evalCommand } from './cli/eval.command.js';
import { exitCodes, handleFatalError } from './cli/exit.js';
import { indexCommand } from './cli/index.command.js';
import { ingestCommand } from './cli/ingest.command.js';
import { modelsCommand } from './cli/models/list.js';
import { endWithReader } from './cli/output.js';
import { samplesCommand } from './cli/samples.command.js';
import { searchCommand } from './cli/search.command.js';
import { segmentCommand } from './cli/segment.command.js';
import { serveCommand } from './cli/serve.command.js';
import { tuneCommand } from './cli/tune.command.js';
import { visibleText } from './domain/visible-text.js';
import { packageRoot } from './app/config.js';

const { version } = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as { version: string };

const program = new Command('figseek')
  .description('Search engine for biomedical figures: text to figure, image to literature, by meaning.')
  .version(version)
  .option('--data <dir>', 'folder of the database, images and uploads (default: FIGSEEK_DATA, else ./data)')
  .addHelpText(
    'after',
    '\nIndexes and model packages lie in the folder where figseek is installed or, where that cannot be written, in the data folder; “figseek doctor” names the folders.',
  );

for (const command of [
  serveCommand(),
  ingestCommand(),
  faultsCommand(),
  searchCommand(),
  duplicatesCommand(),
  atlasCommand(),
  classifyCommand(),
  collectionsCommand(),
  segmentCommand(),
  embedCommand(),
  modelsCommand(),
  indexCommand(),
  samplesCommand(),
  evalCommand(),
  tuneCommand(),
  benchCommand(),
  doctorCommand(),
]) {
  program.addCommand(command);
}
setErrorHandling(program);

endWithReader();

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.wrongUsage;
  else handleFatalError(error);
}

/** Commander hands these settings only to commands that are made after them, and ours are made before. */
function setErrorHandling(command: Command): void {
  command
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(visibleText(text)) })
    .showHelpAfterError('(--help shows what is expected)');
  for (const child of command.commands) setErrorHandling(child);
}
