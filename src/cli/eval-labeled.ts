import { quoted } from '../app/advice.js';
import { loadConfig, type Config } from '../app/config.js';
import { withLabeledCorpus, type WithheldField } from '../app/labeled-corpus.js';
import { FigseekError } from '../domain/errors.js';
import type { SetSplit } from '../domain/public-set.js';
import { wordsOfAgainst, type AgainstArguments } from './against-options.js';
import { labeledTexts } from '../evaluation/known-items/labeled-texts.js';
import { askCorpus } from './eval-known-items.js';
import { evaluateFile } from '../app/evaluate-file.js';
import type { Split } from '../evaluation/embed-records.js';
import type { LabelQuery } from '../evaluation/evaluate.js';
import { parsePromptSets } from '../evaluation/zero-shot.js';
import { consoleReporter } from './console-reporter.js';
import { exitCodes } from './exit.js';
import { formatEvaluation } from './format-evaluation.js';
import { printJson, printLine, printNote } from './output.js';
import { labeledReport } from './report/labeled-report.js';
import { openReport } from './report/report-file.js';
import { readTextFile } from './text-file.js';

/** Options of `figseek eval FILE`. */
export interface LabeledArguments extends AgainstArguments {
  readonly data?: string;
  readonly model?: string;
  /** All records where it is not given; `valid` is a part of public sets alone. */
  readonly split?: Split | SetSplit;
  readonly query?: readonly LabelQuery[];
  readonly prompts?: string;
  readonly against?: string;
  readonly seed: string;
  readonly queries: number;
  /** Measure the search of a corpus of these records, and not the model alone. */
  readonly search?: boolean;
  readonly withhold?: readonly WithheldField[];
  readonly report?: string;
  readonly json?: boolean;
}

/** Measures a model on a labeled set. @throws {FigseekError} as `evaluateFile` */
export async function evaluateLabeled(file: string, options: LabeledArguments): Promise<void> {
  const { data, model, query: queries = [], seed, against = null, json } = options;
  const split = labeledSplit(options);
  const config = loadConfig({ data, model });
  if (options.search === true) {
    await evaluateSearch(file, options, config);
    return;
  }
  const prompts = options.prompts === undefined ? null : parsePromptSets(await readTextFile(options.prompts));
  const report = options.report === undefined ? null : await openReport(options.report, commandOf(file, options));
  const asked = { split, queries, prompts, seed, against, showsFailures: report !== null };
  const { evaluation, failures } = await evaluateFile(config, file, asked, consoleReporter);
  if (json === true) printJson(evaluation);
  else for (const line of formatEvaluation(evaluation)) printLine(line);
  await report?.write((facts) => labeledReport(evaluation, failures, facts));
  const leftOut = [...evaluation.leftOut, ...(evaluation.masks?.leftOut ?? [])];
  if (leftOut.length > 0) process.exitCode = exitCodes.someRejected;
}

/** Takes the records into a corpus that is deleted afterwards, and asks its search. */
async function evaluateSearch(file: string, options: LabeledArguments, config: Config): Promise<void> {
  const { withhold = [], query = [] } = options;
  const split = labeledSplit(options);
  const report = options.report === undefined ? null : await openReport(options.report, commandOf(file, options));
  await withLabeledCorpus(config, file, { split, withhold, reporter: consoleReporter }, async (corpus) => {
    const judgments = labeledTexts(corpus.records, withhold, query);
    await askCorpus(corpus.config, { ...options, judgments }, report);
    for (const { sourceKey, message } of corpus.leftOut) printNote(`left out ${sourceKey}: ${message}`);
    if (corpus.leftOut.length > 0) process.exitCode = exitCodes.someRejected;
  });
}

/** @throws {FigseekError} BAD_USER_INPUT for a part that only public sets have */
function labeledSplit({ split = 'all' }: LabeledArguments): Split {
  if (split !== 'valid') return split;
  throw new FigseekError('BAD_USER_INPUT', 'Expected --split all, test or train for a labeled set but received valid');
}

/** The command that gives the same numbers. */
function commandOf(file: string, options: LabeledArguments): string {
  const { data, model, query = [], prompts, against, seed, search, withhold = [] } = options;
  const split = labeledSplit(options);
  const count = search === true ? String(options.queries) : undefined;
  const given = { '--split': split, '--prompts': prompts, '--against': against, '--seed': seed, '--queries': count };
  const all = { ...given, '--model': model, '--data': data };
  const words = [
    ...['npx', 'figseek', 'eval', file],
    ...Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [name, value])),
    ...(search === true ? ['--search'] : []),
    ...wordsOfAgainst(options),
    ...withhold.flatMap((field) => ['--withhold', field]),
    ...query.flatMap(({ text, label }) => ['--query', `${text}=${label}`]),
  ];
  return words.map(quoted).join(' ');
}
