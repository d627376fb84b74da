import { quoted } from '../app/advice.js';
import { loadConfig } from '../app/config.js';
import { evaluateFile } from '../app/evaluate-file.js';
import type { Split } from '../evaluation/embed-records.js';
import type { LabelQuery } from '../evaluation/evaluate.js';
import { parsePromptSets } from '../evaluation/zero-shot.js';
import { consoleReporter } from './console-reporter.js';
import { exitCodes } from './exit.js';
import { formatEvaluation } from './format-evaluation.js';
import { printJson, printLine } from './output.js';
import { labeledReport } from './report/labeled-report.js';
import { openReport } from './report/report-file.js';
import { readTextFile } from './text-file.js';

/** Options of `figseek eval FILE`. */
export interface LabeledArguments {
  readonly data?: string;
  readonly model?: string;
  readonly split: Split;
  readonly query?: readonly LabelQuery[];
  readonly prompts?: string;
  readonly against?: string;
  readonly seed: string;
  readonly report?: string;
  readonly json?: boolean;
}

/** Measures a model on a labeled set. @throws {FigseekError} as `evaluateFile` */
export async function evaluateLabeled(file: string, options: LabeledArguments): Promise<void> {
  const { data, model, split, query: queries = [], seed, against = null, json } = options;
  const config = loadConfig({ data, model });
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

/** The command that gives the same numbers. */
function commandOf(file: string, { data, model, split, query = [], prompts, against, seed }: LabeledArguments): string {
  const given = { '--split': split, '--prompts': prompts, '--against': against, '--seed': seed };
  const options = { ...given, '--model': model, '--data': data };
  const words = [
    ...['npx', 'figseek', 'eval', file],
    ...Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [name, value])),
    ...query.flatMap(({ text, label }) => ['--query', `${text}=${label}`]),
  ];
  return words.map(quoted).join(' ');
}
