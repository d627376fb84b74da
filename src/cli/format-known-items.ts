import type { ClassMeasures, KnownItemEvaluation } from '../evaluation/known-items/evaluate-corpus.js';
import type { ChanceMeasures, WayMeasures } from '../evaluation/known-items/way-measures.js';
import type { Estimate } from '../evaluation/statistics.js';
import { describeSettings } from './against-options.js';
import { wayNames } from './way-names.js';

const widthOfName = 14;
const widthOfMeasure = 22;
const headings = ['R@1', 'R@5', 'R@10', 'R@50', 'MRR', 'R-precision', 'median rank'];

/** A known-item evaluation for a person at a terminal. */
export function formatKnownItems(evaluation: KnownItemEvaluation): readonly string[] {
  const { model, figures, seed, otherSettings, classes, together, absent, indexRecall } = evaluation;
  return [
    `${model} on ${figures} figures, by known-item queries made from them (seed ${seed}; percent, with 95 % intervals)`,
    'R@k: share of queries with a right figure among the first k hits. MRR: mean of 1 / rank of the first right one.',
    ...(otherSettings === null
      ? []
      : [`Each text was also asked with other settings: ${describeSettings(otherSettings)}.`]),
    row('', headings),
    ...[...classes, ...together].flatMap(formatClass),
    '',
    ...absent.map(({ title, reason }) => `not asked: ${title} (${reason})`),
    ...indexRecall.map(({ channel, recallAt10, isExact, queries }) => {
      const how = isExact ? ', as every vector was compared' : '';
      return `index against exact search, ${channel}: ${share(recallAt10)} of the first 10 (${queries} queries)${how}`;
    }),
  ];
}

function formatClass({ kind, title, queries, wanted, ways, chance, ...compared }: ClassMeasures): readonly string[] {
  const { againstKeyword, againstOther } = compared;
  const right = wanted === 1 ? '' : `, ${wanted.toFixed(1)} right figures each`;
  const gain =
    againstKeyword === null
      ? []
      : [
          `  all channels less words, MRR: ${signed(againstKeyword.difference)} (p ${againstKeyword.pValue.toFixed(4)})`,
        ];
  return [
    '',
    `${title} (${queries} queries${right})`,
    ...ways.map((way) => formatWay(way, kind)),
    formatChance(chance),
    ...gain,
    ...formatOther(againstOther),
  ];
}

function formatOther(comparison: ClassMeasures['againstOther']): readonly string[] {
  if (comparison === null) return [];
  const { difference, pValue, other, better, worse } = comparison;
  return [
    `  as it is less the other settings (MRR ${percent(other)}): ${signed(difference)} (p ${pValue.toFixed(4)}); better for ${better} queries, worse for ${worse}`,
  ];
}

function formatWay({ way, medianRank, ...measures }: WayMeasures, kind: ClassMeasures['kind']): string {
  const { recallAt1, recallAt5, recallAt10, recallAt50, meanReciprocalRank, rPrecision } = measures;
  const estimates = [recallAt1, recallAt5, recallAt10, recallAt50, meanReciprocalRank, rPrecision];
  // All channels that apply to an image are one.
  const name = kind === 'image' ? wayNames.IMAGE : wayNames[way];
  return row(name, [...estimates.map(share), medianRank === null ? 'over 200' : String(medianRank)]);
}

function formatChance(chance: ChanceMeasures): string {
  const { recallAt1, recallAt5, recallAt10, recallAt50, meanReciprocalRank, rPrecision } = chance;
  const shares = [recallAt1, recallAt5, recallAt10, recallAt50, meanReciprocalRank, rPrecision];
  return row('chance', shares.map(percent));
}

function row(name: string, cells: readonly string[]): string {
  return `  ${name.padEnd(widthOfName)}${cells.map((cell) => cell.padEnd(widthOfMeasure)).join('')}`.trimEnd();
}

function share({ mean, low, high }: Estimate): string {
  return `${percent(mean)} [${percent(low)}, ${percent(high)}]`;
}

function signed({ mean, low, high }: Estimate): string {
  const points = (value: number): string => `${value < 0 ? '' : '+'}${percent(value)}`;
  return `${points(mean)} [${points(low)}, ${points(high)}]`;
}

function percent(value: number): string {
  return (100 * value).toFixed(1);
}
