import { quoted } from '../app/advice.js';
import { loadConfig } from '../app/config.js';
import { evaluatePublicSet } from '../app/evaluate-set.js';
import { FigseekError } from '../domain/errors.js';
import type { PublicSetName, SetSplit } from '../domain/public-set.js';
import { consoleReporter } from './console-reporter.js';
import { exitCodes } from './exit.js';
import { formatSet } from './format-set.js';
import { printJson, printLine } from './output.js';
import { openReport } from './report/report-file.js';
import { setReport } from './report/set-report.js';

/** Options of `figseek eval FOLDER --set NAME`. */
export interface SetArguments {
  readonly data?: string;
  readonly model?: string;
  readonly set: PublicSetName;
  /** The test part where it is not given; `all` is a part of labeled sets alone. */
  readonly split?: SetSplit | 'all';
  readonly limit?: number;
  readonly seed: string;
  readonly report?: string;
  readonly json?: boolean;
}

/** Measures a model on a public set, and prints the published values beside. @throws {FigseekError} as `evaluatePublicSet` */
export async function evaluateSetFolder(folder: string, options: SetArguments): Promise<void> {
  const { data, model, set, split = null, limit = null, seed, json } = options;
  if (split === 'all') {
    throw new FigseekError('BAD_USER_INPUT', 'Expected --split test, valid or train for a public set but received all');
  }
  const report = options.report === undefined ? null : await openReport(options.report, commandOf(folder, options));
  const request = { folder, set, split, limit, seed };
  const evaluation = await evaluatePublicSet(loadConfig({ data, model }), request, consoleReporter);
  if (json === true) printJson(evaluation);
  else for (const line of formatSet(evaluation)) printLine(line);
  await report?.write((facts) => setReport(evaluation, facts));
  if (evaluation.leftOut.length > 0) process.exitCode = exitCodes.someRejected;
}

/** The command that gives the same numbers. */
function commandOf(folder: string, { data, model, set, split, limit, seed }: SetArguments): string {
  const given = { '--set': set, '--split': split, '--limit': limit, '--seed': seed, '--model': model, '--data': data };
  const options = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]));
  return ['npx', 'figseek', 'eval', folder, ...options].map(quoted).join(' ');
}
