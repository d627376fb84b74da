import { Command, InvalidArgumentError, Option } from 'commander';
import { loadConfig } from '../app/config.js';
import { newEncoder, newReader } from '../app/model-runtime.js';
import { evaluate, type Evaluation, type LabelQuery, type Split } from '../evaluation/evaluate.js';
import { openSource } from '../adapters/sources/open-source.js';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { exitCodes } from './exit.js';
import { printJson, printLine } from './output.js';
import { withProgress } from './progress.js';

interface Options {
  readonly split: Split;
  readonly query?: readonly LabelQuery[];
  readonly model?: string;
  readonly json?: boolean;
}

/** Reasons why records were left out: more would hide the figures. */
const reasonsShown = 5;

export function evalCommand(): Command {
  return new Command('eval')
    .description('retrieval figures of a model on a labelled .jsonl: recall@k, median rank, precision@10 by label')
    .argument('<file>')
    .addOption(new Option('--split <split>').choices(['all', 'test', 'train']).default('all'))
    .option('--query <text=label...>', 'a query and the label that makes a record relevant to it', toQueries)
    .option('--model <name>', 'a model package (default: starter, or FIGSEEK_MODEL)')
    .option('--json', 'print one JSON document')
    .action(async (file: string, _options, command: Command) => {
      await run(file, command.optsWithGlobals<Options>());
    });
}

async function run(file: string, options: Options): Promise<void> {
  const config = loadConfig({ model: options.model });
  const model = await new ModelRegistry(config.models).load(config.model ?? 'starter');
  const encoder = await newEncoder(model, config);
  const reader = newReader(config);
  try {
    const { items } = await openSource(file, 'auto');
    const result = await withProgress('evaluating', null, (at) =>
      evaluate(encoder, items, {
        split: options.split,
        queries: options.query ?? [],
        reader,
        onProgress: at,
      }),
    );
    if (options.json === true) printJson(result);
    else print(result);
    if (result.leftOut.length > 0) process.exitCode = exitCodes.someRejected;
  } finally {
    reader.close();
    await encoder.close();
  }
}

function print({ captionToImage, imageToCaption, labels, leftOut, ...rest }: Evaluation): void {
  const panels = rest.panels === rest.records ? '' : ` with ${rest.panels} panels`;
  printLine(`${rest.model} on ${rest.records} records${panels} (split: ${rest.split}), ${leftOut.length} left out`);
  printLeftOut(leftOut);
  for (const [name, figures] of [
    ['caption → image', captionToImage],
    ['image → caption', imageToCaption],
  ] as const) {
    const { recallAt1, recallAt5, recallAt10, chanceAt10, medianRank, queries } = figures;
    const times = chanceAt10 === 0 ? 0 : recallAt10 / chanceAt10;
    printLine(
      `${name}: R@1 ${percent(recallAt1)}, R@5 ${percent(recallAt5)}, R@10 ${percent(recallAt10)} (${times.toFixed(2)} × chance), median rank ${medianRank ?? '-'} of ${queries}`,
    );
  }
  for (const { query, label, precisionAt10, chance, ratio, relevant } of labels) {
    printLine(
      `“${query}” (${label}, ${relevant} relevant): P@10 ${percent(precisionAt10)}, chance ${percent(chance)}, ${ratio.toFixed(1)} ×`,
    );
  }
  if (rest.labelRatio !== null) printLine(`labels together: ${rest.labelRatio.toFixed(1)} × chance`);
}

function printLeftOut(leftOut: Evaluation['leftOut']): void {
  for (const { sourceKey, message } of leftOut.slice(0, reasonsShown)) {
    printLine(`  ${sourceKey}: ${message.replaceAll(/\s*\n\s*/g, ' ')}`);
  }
  if (leftOut.length > reasonsShown) printLine(`  … and ${leftOut.length - reasonsShown} more; --json tells them all`);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function toQueries(value: string, previous: readonly LabelQuery[] | undefined): readonly LabelQuery[] {
  const [text, label] = value.split('=');
  if (!text || !label) throw new InvalidArgumentError('expected TEXT=LABEL');
  return [...(previous ?? []), { text, label }];
}
