import { loadConfig, type Config } from '../app/config.js';
import { evaluateCorpus } from '../app/corpus-evaluation.js';
import { withApp } from '../app/command-context.js';
import { showFailures } from '../app/failure-pictures.js';
import { quoted } from '../app/advice.js';
import { expectCorpus } from '../app/open-stores.js';
import { withSampleCorpus } from '../app/sample-figures.js';
import { ownQuestions, parseJudgments, type JudgedTexts } from '../evaluation/known-items/judgments.js';
import { readAgainst, wordsOfAgainst, type AgainstArguments } from './against-options.js';
import { consoleReporter } from './console-reporter.js';
import { readTextFile } from './text-file.js';
import { formatKnownItems } from './format-known-items.js';
import { printJson, printLine } from './output.js';
import { knownItemReport } from './report/known-item-report.js';
import { openReport, type ReportFile } from './report/report-file.js';

/** Options of `figseek eval` without a file. */
export interface KnownItemArguments extends AgainstArguments {
  readonly data?: string;
  readonly model?: string;
  readonly seed: string;
  readonly queries: number;
  /** A file of judged queries. */
  readonly judgments?: string;
  readonly samples?: boolean;
  readonly report?: string;
  readonly json?: boolean;
}

/** Evaluates the corpus by queries that are made from it. @throws {FigseekError} BAD_USER_INPUT where there is none */
export async function evaluateKnownItems(options: KnownItemArguments): Promise<void> {
  const { data, model, samples, judgments: file } = options;
  const config = loadConfig({ data, model });
  if (samples !== true) expectCorpus(config);
  const judgments = file === undefined ? [] : [ownQuestions(parseJudgments(await readTextFile(file)))];
  const report = options.report === undefined ? null : await openReport(options.report, commandOf(options));
  if (samples !== true) await askCorpus(config, { ...options, judgments }, report);
  else await withSampleCorpus(config, consoleReporter, (own) => askCorpus(own, { ...options, judgments }, report));
}

/** What is asked of a corpus, and how the answer is printed. */
export interface CorpusQuestions extends AgainstArguments, Pick<KnownItemArguments, 'seed' | 'queries' | 'json'> {
  readonly judgments: readonly JudgedTexts[];
}

/** Evaluates the corpus of a configuration, prints the answer, and writes the report. */
export async function askCorpus(
  config: Config,
  { seed, queries: count, judgments, json, ...others }: CorpusQuestions,
  report: ReportFile | null,
): Promise<void> {
  await withApp(config, async (core) => {
    const asked = { seed, count, judgments, against: readAgainst(others) };
    const evaluation = await evaluateCorpus(core, config, asked, consoleReporter);
    if (json === true) printJson(evaluation);
    else for (const line of formatKnownItems(evaluation)) printLine(line);
    if (report === null) return;
    const failures = await showFailures(core, evaluation, config);
    await report.write((facts) => knownItemReport(evaluation, failures, facts));
  });
}

/** The command that gives the same numbers. */
function commandOf({ data, model, seed, queries, judgments, samples, ...others }: KnownItemArguments): string {
  const words = [
    ...['npx', 'figseek', 'eval', '--queries', String(queries), '--seed', seed],
    ...(samples === true ? ['--samples'] : []),
    ...(judgments === undefined ? [] : ['--judgments', judgments]),
    ...wordsOfAgainst(others),
    ...(model === undefined ? [] : ['--model', model]),
    ...(data === undefined ? [] : ['--data', data]),
  ];
  return words.map(quoted).join(' ');
}
