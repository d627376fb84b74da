import { numbered } from '../../domain/numbered.js';
import { defaultSampleSize, minComparedFigures } from '../../domain/model-comparison.js';
import type { ModelJobResult, ModelTask } from '../../domain/model-job.js';
import { localOperator } from '../../domain/viewer.js';
import { CompareRetrieval } from '../../evaluation/compare-retrieval.js';
import { describeComparison } from '../../models/package-comparison.js';
import type { UseReport } from '../../models/use-model.js';
import type { WorkReporter } from '../../ports/work-reporter.js';
import { withApp } from '../command-context.js';
import type { Config } from '../config.js';
import { pullModel, useModel, verifyModel } from '../model-use-cases.js';

const nothing: ModelJobResult = { findings: [], comparison: null };
const failuresTold = 20;

/** Does a task with a model package, in a process of its own. */
export async function runModelTask(config: Config, task: ModelTask, reporter: WorkReporter): Promise<ModelJobResult> {
  switch (task.kind) {
    case 'PULL':
      await pull(config, task, reporter);
      return nothing;
    case 'VERIFY':
      return { ...nothing, findings: await verify(config, task.model, reporter) };
    case 'USE':
      await use(config, task, reporter);
      return nothing;
    case 'COMPARE': {
      const { model, against } = task;
      const comparison = await withApp({ ...config, model }, (core) =>
        core.get(CompareRetrieval).run(localOperator, against, defaultSampleSize, reporter),
      );
      if (comparison === null) reporter.tell(`Not compared: fewer than ${minComparedFigures} figures have a caption`);
      return { ...nothing, comparison };
    }
  }
}

async function pull(
  config: Config,
  { model, precision }: Extract<ModelTask, { kind: 'PULL' }>,
  reporter: WorkReporter,
): Promise<void> {
  // Whoever began the job has accepted the terms.
  const options = { precision, acceptLicense: true };
  const { manifest } = await pullModel(config).run(localOperator, model, options, { ...reporter, ask: null });
  if (manifest !== null) reporter.tell(`${manifest.name} is there (version ${manifest.version.slice(0, 16)})`);
}

async function verify(config: Config, name: string, reporter: WorkReporter): Promise<ModelJobResult['findings']> {
  const options = { against: null, sample: defaultSampleSize };
  const { findings, golden, against, comparison } = await verifyModel({ ...config, model: name }).run(
    ...([localOperator, name, options, reporter] as const),
  );
  reporter.tell(`${name} is whole: its files are those of the import`);
  if (golden === 'kept') reporter.tell('Its vectors of fixed inputs are kept: a later verification compares with them');
  if (comparison !== null && against !== null) reporter.tell(describeComparison(name, against, comparison));
  return findings;
}

async function use(
  config: Config,
  { model, force }: Extract<ModelTask, { kind: 'USE' }>,
  reporter: WorkReporter,
): Promise<void> {
  const report = await useModel(config).run(localOperator, model, { force }, reporter);
  for (const line of linesOf(report)) reporter.tell(line);
  const fixed = report.kind === 'panel-detector' ? config.panelDetector : config.model;
  if (fixed !== null && fixed !== model) {
    reporter.tell(`The configuration of this server says ${fixed}: it goes on with that one`);
  }
}

function linesOf({ name, kind, embedded, failures }: UseReport): readonly string[] {
  if (kind === 'panel-detector') return [`${name} is active: the next ingest finds panels by it`];
  const some = failures.slice(0, failuresTold).map(({ sourceKey, message }) => `${sourceKey}: ${message}`);
  const lacking = `${numbered(failures.length, 'figure')} could not be embedded; fix the images and use the model again`;
  return [
    `${name} is active (${numbered(embedded, 'figure')} embedded now)`,
    ...(some.length > 0 ? [lacking] : []),
    ...some,
  ];
}
