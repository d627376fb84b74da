import { Command } from 'commander';
import { loadConfig } from '../config/config.js';
import { vectorKinds } from '../domain/search.js';
import { LiveModel } from '../live-model.js';
import type { VectorSpace } from '../vectors/vector-space.js';
import { withCore } from './context.js';
import { exitCodes } from './exit.js';
import { printJson, printLine } from './output.js';

interface Options {
  readonly data?: string;
  readonly json?: boolean;
  readonly sample?: string;
}

const leastRecall = 0.95;

export function indexCommand(): Command {
  const command = new Command('index').description('vector indexes: build, status, verify');
  const withSpace =
    (work: (space: VectorSpace, options: Options) => Promise<void>) => async (_: unknown, self: Command) => {
      const options = self.optsWithGlobals<Options>();
      await withCore(loadConfig({ data: options.data }), (core) => work(core.get(LiveModel).current.space, options));
    };
  command
    .command('build')
    .description('makes and publishes a new generation from the database')
    .action(withSpace(build));
  command.command('status').description('what is served').option('--json', 'JSON').action(withSpace(status));
  command
    .command('verify')
    .description('recall@10 of the index against exact search on a sample')
    .option('--sample <n>', 'number of queries', '100')
    .option('--json', 'JSON')
    .action(withSpace(verify));
  return command;
}

async function build(space: VectorSpace): Promise<void> {
  const manifest = await space.build();
  if (manifest === null) printLine('There is no vector to index yet; ingest figures first');
  else
    printLine(
      `Published ${manifest.generation}: ${manifest.kinds.IMAGE?.count ?? 0} image vectors, ${manifest.kinds.CAPTION?.count ?? 0} caption vectors, recall@10 ${manifest.recall}`,
    );
}

async function status(space: VectorSpace, { json }: Options): Promise<void> {
  const now = await space.status();
  if (json === true) printJson(now);
  else
    printLine(
      `generation ${now.generation ?? 'none'}, ${now.indexed} panels indexed, ${now.delta} of them in the delta`,
    );
}

async function verify(space: VectorSpace, { json, sample }: Options): Promise<void> {
  const recalls = [];
  for (const kind of vectorKinds) recalls.push({ kind, recall: await space.recall(kind, Number(sample)) });
  if (json === true) printJson(recalls);
  else for (const { kind, recall } of recalls) printLine(`${kind}: recall@10 ${recall ?? 'not measured, no vectors'}`);
  if (recalls.some(({ recall }) => recall !== null && recall < leastRecall))
    process.exitCode = exitCodes.modelOrIndexUnfit;
}
