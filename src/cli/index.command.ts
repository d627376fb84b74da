import { Command } from 'commander';
import { ActiveModel } from '../app/active-model.js';
import { expectCorpus, withApp } from '../app/command-context.js';
import { loadConfig } from '../app/config.js';
import { describeVerification, isSound, verifyIndex } from '../app/index-verification.js';
import { exitCodes } from './exit.js';
import { wholeNumber } from './number-options.js';
import { printJson, printLine } from './output.js';

interface Options {
  readonly data?: string;
  readonly json?: boolean;
  readonly sample: number;
}

type VectorIndex = ActiveModel['current']['space'];

export function indexCommand(): Command {
  const command = new Command('index').description('vector indexes: build, status, verify');
  const withSpace =
    (work: (space: VectorIndex, options: Options) => Promise<void>) => async (_: unknown, self: Command) => {
      const options = self.optsWithGlobals<Options>();
      const config = loadConfig({ data: options.data });
      expectCorpus(config);
      await withApp(config, (core) => work(core.get(ActiveModel).current.space, options));
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
  const manifest = await space.build();
  if (manifest === null) return printLine('There is no vector to index yet; ingest figures first');
  const { generation, kinds, recall } = manifest;
  const counts = `${kinds.IMAGE?.count ?? 0} image vectors, ${kinds.CAPTION?.count ?? 0} caption vectors`;
  printLine(`Published ${generation}: ${counts}, recall@10 ${recall}`);
}

async function status(space: VectorIndex, { json }: Options): Promise<void> {
  const now = await space.status();
  if (json === true) return printJson(now);
  printLine(`generation ${now.generation ?? 'none'}, ${now.indexed} panels indexed, ${now.delta} of them in the delta`);
}

async function verify(space: VectorIndex, { json, sample, data: given }: Options): Promise<void> {
  const { data } = loadConfig({ data: given });
  const results = await verifyIndex(space, sample);
  if (json === true) printJson(results);
  else for (const result of results) printLine(`${result.kind}: ${describeVerification(result, data)}`);
  if (!results.every(isSound)) process.exitCode = exitCodes.verificationFailed;
}
