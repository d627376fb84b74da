import type { ShownFailure } from '../../app/shown-figure.js';
import type { ClassMeasures, KnownItemEvaluation } from '../../evaluation/known-items/evaluate-corpus.js';
import type { PairedComparison } from '../../evaluation/statistics.js';
import { describeSettings } from '../against-options.js';
import { wayNames } from '../way-names.js';
import { failureSection } from './failure-cards.js';
import { intervalPlot } from './interval-plot.js';
import { html, type Markup } from './markup.js';
import { plainTable } from './plain-table.js';
import { measureTable } from './measure-table.js';
import { intervalOf, percent, pValueOf, signed } from './numbers.js';
import { definitions, keyAnswers, reportPage, type KeyAnswer } from './report-page.js';

/** What the report tells beside the measurement. */
export interface ReportFacts {
  readonly command: string;
  readonly version: string;
}

/** A known-item evaluation as one HTML file that needs nothing else. */
export function knownItemReport(
  evaluation: KnownItemEvaluation,
  failures: readonly ShownFailure[],
  facts: ReportFacts,
): string {
  const { model, figures, classes, together, absent } = evaluation;
  const [texts, images] = (['text', 'image'] as const).map((kind) => classes.filter((one) => one.kind === kind));
  return reportPage({
    title: 'How well are the figures of this corpus found?',
    lead:
      `figseek searched its own corpus of ${figures} figures, with the model “${model}”, for figures that it knows to be there. ` +
      'Words, ids and images of randomly chosen figures were the questions; a good search brings these figures back first.',
    sections: [
      keyAnswers(answersOf(evaluation)),
      howToRead(),
      kindSection('Asked with words', texts ?? [], together),
      kindSection('Asked with changed copies of images', images ?? [], together),
      otherSection(evaluation),
      failureSection(failures),
      notAsked(absent),
    ],
    ...facts,
  });
}

function answersOf({ together, indexRecall }: KnownItemEvaluation): readonly KeyAnswer[] {
  const found = together.map(({ kind, queries, ways, chance }): KeyAnswer => {
    const [fused, words] = ways;
    const questions = kind === 'text' ? 'text questions' : 'changed copies of images';
    const beside = words === undefined ? '' : `By words alone (BM25): ${percent(words.recallAt10.mean)}. `;
    return {
      heading: kind === 'text' ? 'Asked with words' : 'Asked with changed images',
      number: percent(fused?.recallAt10.mean ?? 0),
      interval: fused === undefined ? '' : intervalOf(fused.recallAt10),
      sentence: `of ${queries} ${questions} had a right figure among the first 10 hits. ${beside}In a random order: ${percent(chance.recallAt10)}.`,
    };
  });
  const gain = together.flatMap(({ againstKeyword }) => (againstKeyword === null ? [] : [gainOf(againstKeyword)]));
  const recall = indexRecall.map(({ channel, recallAt10 }): KeyAnswer => {
    return {
      heading: 'The index',
      number: percent(recallAt10.mean),
      interval: intervalOf(recallAt10),
      sentence: `of the ten nearest ${channel === 'IMAGE' ? 'images' : 'captions'} are found by the index, compared with looking at every figure.`,
    };
  });
  return [...found, ...gain, ...recall.slice(0, 1)];
}

function gainOf({ difference, pValue }: PairedComparison): KeyAnswer {
  const { mean, low, high } = difference;
  const verdict =
    low > 0
      ? 'Images and captions together with words find figures better than words alone'
      : high < 0
        ? 'On these questions words alone find figures better than all channels together'
        : 'On these questions all channels together and words alone cannot be told apart';
  return {
    heading: 'Compared with words alone',
    number: signed(mean),
    interval: `95 % interval ${signed(low)} to ${signed(high)}`,
    sentence: `${verdict} (difference in mean reciprocal rank, ${pValueOf(pValue)}). The questions are made from words of the captions, which suits a search by words.`,
  };
}

function howToRead(): Markup {
  return html`<h2>How to read this</h2>
    ${definitions([
      [
        'Question',
        'Each question is made from a figure of the corpus, so that the right answer is known: a word of its caption, its id, or its image after a change. Experts call it a known-item query.',
      ],
      [
        'Found in the first 10',
        'The share of questions with a right figure among the first ten hits (recall at 10). The other columns count the first 1, 5 and 50.',
      ],
      [
        '95 % interval',
        'Only some of all possible questions were asked. The range tells how far the number may be from that of all of them (bootstrap, percentile method). A point without a line means that all questions had the same result; of n questions with one result, up to 3/n of all possible ones may still have another. Two ways of searching whose ranges lie apart differ; where they overlap, the paired comparison above tells.',
      ],
      ['A random order', 'What somebody would reach who shows the figures in a random order. The dashed line.'],
      [
        'Channels',
        `figseek compares a question with the words of each figure (“${wayNames.KEYWORD}”, what most search engines do), with the meaning of its caption (“${wayNames.CAPTION}”) and with the picture itself (“${wayNames.IMAGE}”). “${wayNames.FUSED}” is the usual search, which joins the three.`,
      ],
      [
        'What this does not tell',
        'Whether a figure is a good answer to what a person has in mind. Questions of your own with the figures that you hold for right (--judgments) measure that.',
      ],
    ])}`;
}

function kindSection(heading: string, classes: readonly ClassMeasures[], together: readonly ClassMeasures[]): Markup {
  const [first] = classes;
  if (first === undefined) return html``;
  const all = [...classes, ...together.filter(({ kind }) => kind === first.kind)];
  return html`<h2>${heading}</h2>
    ${first.kind === 'text' ? textPlot(all) : imagePlot(all)} ${measureTable(`${heading}: all measures`, all)}`;
}

function textPlot(classes: readonly ClassMeasures[]): Markup {
  return intervalPlot({
    id: 'texts',
    title: 'Share of text questions with a right figure among the first 10 hits',
    axis: 'found in the first 10, with the 95 % interval',
    series: (['FUSED', 'KEYWORD', 'CAPTION', 'IMAGE'] as const).map((way) => ({ name: wayNames[way] })),
    rows: classes.map(({ title, ways, chance }) => ({
      name: title,
      estimates: ways.map(({ recallAt10 }) => recallAt10),
      chance: chance.recallAt10,
    })),
  });
}

function imagePlot(classes: readonly ClassMeasures[]): Markup {
  return intervalPlot({
    id: 'images',
    title: 'Share of changed copies that find their figure, by the change',
    axis: 'share of copies, with the 95 % interval',
    series: [{ name: 'found first' }, { name: 'found in the first 10' }],
    rows: classes.map(({ title, ways: [way], chance }) => ({
      name: title,
      estimates: [way?.recallAt1 ?? null, way?.recallAt10 ?? null],
      chance: chance.recallAt10,
    })),
  });
}

function otherSection({ otherSettings, classes, together }: KnownItemEvaluation): Markup {
  if (otherSettings === null) return html``;
  const rows = [...classes, ...together].flatMap(({ title, queries, againstOther }) => {
    if (againstOther === null) return [];
    const { difference, pValue, other, better, worse } = againstOther;
    const interval = `${signed(difference.low)} to ${signed(difference.high)}`;
    return [[title, queries, other.toFixed(3), signed(difference.mean), interval, pValueOf(pValue), better, worse]];
  });
  return html`<h2>Compared with other settings</h2>
    <p>
      Each question of words was also asked with other settings: ${describeSettings(otherSettings)}. A difference above
      0 means that the search as it is finds figures better; where its interval holds 0, the two cannot be told apart.
    </p>
    ${plainTable(
      'The search as it is less the other settings, in mean reciprocal rank',
      [
        ...['question', 'questions', 'other settings', 'difference', '95 % interval', 'randomization test'],
        ...['better for', 'worse for'],
      ],
      rows,
    )}`;
}

function notAsked(absent: KnownItemEvaluation['absent']): Markup {
  if (absent.length === 0) return html``;
  return html`<h2>What was not asked</h2>
    <ul>
      ${absent.map(({ title, reason }) => html`<li>${title}: ${reason}.</li>`)}
    </ul>`;
}
