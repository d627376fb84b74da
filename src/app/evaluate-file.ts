import { openSource } from '../adapters/sources/open-source.js';
import { evaluate, type Evaluation, type EvaluationOptions } from '../evaluation/evaluate.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import type { Config } from './config.js';
import { withEncoder } from './encoder-context.js';

/** Measures the configured model on a labeled file of records, without a corpus. @throws {FigseekError} as `openSource` */
export function evaluateFile(
  config: Config,
  file: string,
  options: Pick<EvaluationOptions, 'split' | 'queries'>,
  { track }: Pick<WorkReporter, 'track'>,
): Promise<Evaluation> {
  return withEncoder(config, async (encoder, reader) => {
    const { items } = await openSource(file, 'auto');
    return track('evaluating', null, (at) => evaluate(encoder, items, { ...options, reader, onProgress: at }));
  });
}
