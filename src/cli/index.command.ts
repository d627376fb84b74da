import { Command } from 'commander';
import { ActiveModel } from '../app/active-model.js';
import { withApp } from '../app/command-context.js';
import { expectCorpus } from '../app/open-stores.js';
import { loadConfig } from '../app/config.js';
import {
  describePublished,
  describeStatus,
  describeVerification,
  isSound,
  verifyIndex,
} from '../app/index-verification.js';
import { exitCodes } from './exit.js';
import { wholeNumber } from './number-options.js';
import { printJson, printLine } from './output.js';

interface Options {
  readonly data: string;
  readonly json?: boolean;
  readonly sample: number;
}

type VectorIndex = ActiveModel['current']['space'];

export function indexCommand(): Command {
  const command = new Command('index').description('vector indexes: build, status, verify');
  const withSpace =
    (work: (space: VectorIndex, options: Options) => Promise<void>) => async (_: unknown, self: Command) => {
      const options = self.optsWithGlobals<Omit<Options, 'data'> & { data?: string }>();
      const config = loadConfig({ data: options.data });
      expectCorpus(config);
      await withApp(config, (core) => work(core.get(ActiveModel).current.space, { ...options, data: config.data }));
    };
  const making = 'makes and publishes a new generation from the database';
  command.command('build').description(making).action(withSpace(build));
  command.command('status').description('what is served').option('--json', 'JSON').action(withSpace(status));
  command
    .command('verify')
    .description('compares every vector of the index with the database, and measures recall@10 on a sample')
    .option('--sample <n>', 'number of queries', wholeNumber, 100)
    .option('--json', 'JSON')
    .action(withSpace(verify));
  return command;
}

async function build(space: VectorIndex): Promise<void> {
  printLine(describePublished(await space.build()));
}

async function status(space: VectorIndex, { json }: Options): Promise<void> {
  const now = await space.status();
  if (json === true) printJson(now);
  else printLine(describeStatus(now));
}

async function verify(space: VectorIndex, { json, sample, data }: Options): Promise<void> {
  const results = await verifyIndex(space, sample);
  if (json === true) printJson(results);
  else for (const result of results) printLine(`${result.kind}: ${describeVerification(result, data)}`);
  if (!results.every(isSound)) process.exitCode = exitCodes.verificationFailed;
}
