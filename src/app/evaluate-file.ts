import { readLabeledSet, type LabeledSet } from '../adapters/sources/labeled-set.js';
import { openSource } from '../adapters/sources/open-source.js';
import { compareEvaluations, type ModelDifference } from '../evaluation/compare-evaluations.js';
import { isInSplit, type Split } from '../evaluation/embed-records.js';
import { evaluate, type DetailedEvaluation, type Evaluation, type LabelQuery } from '../evaluation/evaluate.js';
import type { PromptSets } from '../evaluation/zero-shot.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import type { Config } from './config.js';
import { withEncoder } from './encoder-context.js';
import { showCaptionFailures } from './labeled-failures.js';
import { newReader } from './model-runtime.js';
import type { ShownFailure } from './shown-figure.js';
import type { MaskedRecord } from '../domain/public-set.js';
import { evaluateMasks, type MaskEvaluation } from './evaluate-masks.js';

/** What is asked of a labeled set. */
export interface LabeledEvaluationOptions {
  readonly split: Split;
  readonly queries: readonly LabelQuery[];
  readonly prompts: PromptSets | null;
  readonly seed: string;
  /** Another package, which the same queries are asked of; null for none. */
  readonly against: string | null;
  /** Whether the worst failures are to be shown as pictures. */
  readonly showsFailures: boolean;
}

export interface LabeledEvaluation extends Evaluation {
  /** What the model gains over another one; null where none was named. */
  readonly against: { readonly evaluation: Evaluation; readonly differences: readonly ModelDifference[] } | null;
  /** Null where the set has no true masks. */
  readonly masks: MaskEvaluation | null;
}

export interface ShownEvaluation {
  readonly evaluation: LabeledEvaluation;
  readonly failures: readonly ShownFailure[];
}

/** Measures the configured model on a labeled file of records, without a corpus. @throws {FigseekError} as `openSource` */
export async function evaluateFile(
  config: Config,
  file: string,
  options: LabeledEvaluationOptions,
  reporter: Pick<WorkReporter, 'track'>,
): Promise<ShownEvaluation> {
  // What cannot be opened is told before a model is loaded.
  await openSource(file, { format: 'auto' });
  const set = await readLabeledSet(file);
  const groups = new Map([...set.byId.values()].flatMap(({ id, group }) => (group === null ? [] : [[id, group]])));
  const measure = (model: string | null): Promise<DetailedEvaluation> =>
    withEncoder({ ...config, model }, async (encoder, reader) => {
      const figures = await openSource(file, { format: 'auto' });
      const what = model === config.model ? 'evaluating' : `evaluating ${encoder.model.name}`;
      return reporter.track(what, null, (at) =>
        evaluate(encoder, figures.read(), { ...options, groups, reader, onProgress: at }),
      );
    });
  const own = await measure(config.model);
  const other = options.against === null ? null : await measure(options.against);
  const masked = await maskedRecords(file, set, options.split);
  const evaluation: LabeledEvaluation = {
    ...own.evaluation,
    against:
      other === null
        ? null
        : { evaluation: other.evaluation, differences: compareEvaluations(own, other, options.seed) },
    masks:
      masked.length === 0
        ? null
        : await evaluateMasks(config, masked, { readFile: set.readFile, seed: options.seed }, reporter),
  };
  return { evaluation, failures: options.showsFailures ? await failuresOf(file, own, config) : [] };
}

async function failuresOf(
  file: string,
  { captions }: DetailedEvaluation,
  config: Config,
): Promise<readonly ShownFailure[]> {
  const reader = newReader(config);
  try {
    return await showCaptionFailures(file, captions, reader);
  } finally {
    reader.close();
  }
}

/** Records of the split with true masks. */
async function maskedRecords(file: string, { byId }: LabeledSet, split: Split): Promise<readonly MaskedRecord[]> {
  if (![...byId.values()].some(({ masks }) => masks.length > 0)) return [];
  const figures = await openSource(file, { format: 'auto' });
  const found: MaskedRecord[] = [];
  for await (const item of figures.read()) {
    if (item.kind !== 'record' || !isInSplit(item.record.id, split)) continue;
    const { record, readImage } = item;
    const { group = null, masks = [] } = byId.get(record.id) ?? {};
    if (masks.length > 0) found.push({ record, group: group ?? `record ${record.id}`, masks, readImage });
  }
  return found;
}
