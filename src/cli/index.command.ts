import { Command } from 'commander';
import { loadConfig } from '../app/config.js';
import { vectorKinds } from '../domain/search.js';
import { ActiveModel } from '../app/active-model.js';
import type { HnswVectorIndex } from '../adapters/hnsw/hnsw-vector-index.js';
import { expectCorpus, withApp } from './context.js';
import { exitCodes } from './exit.js';
import { isEqual, type IndexComparison } from '../adapters/hnsw/compare-generation.js';
import { wholeNumber } from './number-options.js';
import { printJson, printLine } from './output.js';
import { advice } from '../app/advice.js';

interface Options {
  readonly data?: string;
  readonly json?: boolean;
  readonly sample: number;
}

const minRecall = 0.95;

export function indexCommand(): Command {
  const command = new Command('index').description('vector indexes: build, status, verify');
  const withSpace =
    (work: (space: HnswVectorIndex, options: Options) => Promise<void>) => async (_: unknown, self: Command) => {
      const options = self.optsWithGlobals<Options>();
      const config = loadConfig({ data: options.data });
      expectCorpus(config);
      await withApp(config, (core) => work(core.get(ActiveModel).current.space, options));
    };
  command
    .command('build')
    .description('makes and publishes a new generation from the database')
    .action(withSpace(build));
  command.command('status').description('what is served').option('--json', 'JSON').action(withSpace(status));
  command
    .command('verify')
    .description('compares every vector of the index with the database, and measures recall@10 on a sample')
    .option('--sample <n>', 'number of queries', wholeNumber, 100)
    .option('--json', 'JSON')
    .action(withSpace(verify));
  return command;
}

async function build(space: HnswVectorIndex): Promise<void> {
  const manifest = await space.build();
  if (manifest === null) printLine('There is no vector to index yet; ingest figures first');
  else
    printLine(
      `Published ${manifest.generation}: ${manifest.kinds.IMAGE?.count ?? 0} image vectors, ${manifest.kinds.CAPTION?.count ?? 0} caption vectors, recall@10 ${manifest.recall}`,
    );
}

async function status(space: HnswVectorIndex, { json }: Options): Promise<void> {
  const now = await space.status();
  if (json === true) printJson(now);
  else
    printLine(
      `generation ${now.generation ?? 'none'}, ${now.indexed} panels indexed, ${now.delta} of them in the delta`,
    );
}

async function verify(space: HnswVectorIndex, { json, sample, data: given }: Options): Promise<void> {
  const { data } = loadConfig({ data: given });
  const comparisons = (await space.compare()) ?? [];
  const results = [];
  for (const kind of vectorKinds) {
    const comparison = comparisons.find((one) => one.kind === kind) ?? null;
    results.push({ kind, recall: await space.recall(kind, sample), comparison });
  }
  if (json === true) printJson(results);
  else for (const { kind, recall, comparison } of results) printLine(`${kind}: ${describe(recall, comparison, data)}`);
  const isWrong = results.some(
    ({ recall, comparison }) =>
      (recall !== null && recall < minRecall) || (comparison !== null && !isEqual(comparison)),
  );
  if (isWrong) process.exitCode = exitCodes.verificationFailed;
}

function describe(recall: number | null, comparison: IndexComparison | null, data: string): string {
  if (recall === null || comparison === null) return 'not measured, no generation holds vectors of this kind';
  return `recall@10 ${recall}; ${describeComparison(comparison, data)}`;
}

/** In words, with what to do where the index is not the database's. */
export function describeComparison(comparison: IndexComparison, data: string): string {
  const { compared, differing, missing, deleted } = comparison;
  const counts = `${compared} vectors compared with the database, ${differing} differ, ${missing} are missing, ${deleted} are deleted since`;
  return isEqual(comparison) ? counts : `${counts}; ${advice('index build', data)} makes the index anew`;
}
