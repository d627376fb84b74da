import { Command } from 'commander';
import { withApp } from '../../app/command-context.js';
import { loadConfig } from '../../app/config.js';
import { expectCorpus } from '../../app/open-stores.js';
import { defaultSampleSize, minComparedFigures } from '../../domain/model-comparison.js';
import type { CaptionRetrieval, RetrievalComparison } from '../../domain/retrieval-comparison.js';
import { localOperator } from '../../domain/viewer.js';
import { CompareRetrieval } from '../../evaluation/compare-retrieval.js';
import { consoleReporter } from '../console-reporter.js';
import { wholeNumber } from '../number-options.js';
import { printJson, printLine } from '../output.js';

interface Options {
  readonly data?: string;
  readonly sample: number;
  readonly json?: boolean;
}

/** `figseek models compare`: which of two packages finds the figures of the corpus better by their captions. */
export function modelsCompareCommand(): Command {
  return new Command('compare')
    .description('asks two packages for the images of a sample of your figures by their captions; either may be active')
    .argument('<name>')
    .argument('<against>')
    .option('--sample <n>', 'most figures', wholeNumber, defaultSampleSize)
    .option('--json', 'print one JSON document')
    .action(async (name: string, against: string, _options, self: Command) => {
      const { data, sample, json } = self.optsWithGlobals<Options>();
      const config = loadConfig({ data, model: name });
      expectCorpus(config);
      const comparison = await withApp(config, (core) =>
        core.get(CompareRetrieval).run(localOperator, against, sample, consoleReporter),
      );
      if (json === true) printJson(comparison);
      else for (const line of formatComparison(name, against, comparison)) printLine(line);
    });
}

function formatComparison(name: string, against: string, comparison: RetrievalComparison | null): readonly string[] {
  if (comparison === null)
    return [`Not compared: fewer than ${minComparedFigures} figures of the sample have a caption`];
  const { captions, model, difference, pValue, ...other } = comparison;
  const { mean, low, high } = difference;
  return [
    `${captions} captions, each with its image among ${captions}`,
    `${name}: ${describe(model)}`,
    `${against}: ${describe(other.against)}`,
    `difference of the mean reciprocal ranks ${mean.toFixed(3)} (95 %: ${low.toFixed(3)} to ${high.toFixed(3)}; p ${pValue.toFixed(4)})`,
  ];
}

function describe({ recallAt1, recallAt10, meanReciprocalRank }: CaptionRetrieval): string {
  return `the image is first for ${percent(recallAt1)}, among the first ten for ${percent(recallAt10)}; mean reciprocal rank ${meanReciprocalRank.toFixed(3)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
