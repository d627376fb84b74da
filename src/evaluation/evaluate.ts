import type { IngestRecord, SourceItem } from '../domain/figure-record.js';
import { dot } from '../domain/vector.js';
import type { Encoder } from '../ports/encoder.js';
import { measureRanks, rankPairs, type RetrievalFigures } from './caption-pairs.js';
import { embedRecords, type EmbeddedPanel, type EmbedOptions, type LeftOut, type Split } from './embed-records.js';
import { measureLabelNeighbors, type LabeledImage, type LabelNeighbors } from './label-neighbors.js';
import { mean, precisionAt, ranking, reciprocalRank } from './retrieval-metrics.js';
import { measureZeroShot, type PromptSets, type ZeroShotFigures } from './zero-shot.js';

/** A text that names something, and how to know a record that shows it. */
export interface LabelQuery {
  readonly text: string;
  readonly label: string;
}

export interface EvaluationOptions extends EmbedOptions {
  readonly queries: readonly LabelQuery[];
  /** Null: no zero-shot classification. */
  readonly prompts?: PromptSets | null;
  /** The group of a record by its id, where the set names one; each other record is a group of its own. */
  readonly groups?: ReadonlyMap<string, string>;
  readonly seed?: string;
}

interface LabelFigures {
  readonly query: string;
  readonly label: string;
  readonly relevant: number;
  readonly precisionAt10: number;
  /** Share of relevant records in the set: what a random order reaches. */
  readonly chance: number;
  readonly ratio: number;
}

export interface Evaluation {
  readonly model: string;
  readonly split: Split;
  readonly records: number;
  /** Panels of the records, whole figures included: what is compared. */
  readonly panels: number;
  /** Records that could not be read. Of a line without an id nobody knows the split: it counts in each. */
  readonly leftOut: readonly LeftOut[];
  readonly captionToImage: RetrievalFigures;
  readonly imageToCaption: RetrievalFigures;
  readonly labels: readonly LabelFigures[];
  /** Mean of precision@10 over the mean of chance. */
  readonly labelRatio: number | null;
  /** Images by the labels of their neighbors; null where no record has labels. */
  readonly labelNeighbors: LabelNeighbors | null;
  /** Null where no prompt sets were given. */
  readonly zeroShot: ZeroShotFigures | null;
}

/** Measures that are compared between two models, query by query. */
export type ComparedMeasure = 'captionToImage' | 'imageToCaption' | 'labelNeighbors' | 'majorityVote' | 'zeroShot';

/** What each query is worth, by a name that the same query has for another model. */
interface QueryValue {
  readonly value: number;
  readonly group: string;
}

/** What one caption found among the images. */
export interface CaptionOutcome {
  readonly caption: string;
  /** Of its record. */
  readonly id: string;
  readonly rank: number;
  /** The record whose image came first, with its caption. */
  readonly firstId: string;
  readonly firstCaption: string;
}

export interface DetailedEvaluation {
  readonly evaluation: Evaluation;
  readonly captions: readonly CaptionOutcome[];
  readonly values: Readonly<Record<ComparedMeasure, ReadonlyMap<string, QueryValue>>>;
}

/**
 * Measures a model on labeled records, by exact search over all their panels; unreadable records are left out and told.
 * A caption belongs to one panel. Labels belong to a record, which stands where its best panel does.
 */
export async function evaluate(
  encoder: Encoder,
  items: AsyncIterable<SourceItem>,
  options: EvaluationOptions,
): Promise<DetailedEvaluation> {
  const { split, queries, prompts = null, seed = '1' } = options;
  const { embedded, records, leftOut } = await embedRecords(encoder, items, options);
  const groupOf = (record: IngestRecord): string => options.groups?.get(record.id) ?? `record ${record.id}`;
  const images = embedded.filter(({ place }) => place === 0).map((panel) => toLabeled(panel, groupOf(panel.record)));
  const pairs = measureBothWays(embedded, groupOf, seed);
  const labels = await Promise.all(queries.map((query) => measureLabel(encoder, embedded, query)));
  const precision = mean(labels.map(({ precisionAt10 }) => precisionAt10));
  const chance = mean(labels.map((one) => one.chance));
  const neighbors = measureLabelNeighbors(images, seed);
  const zeroShot = prompts === null ? null : await measureZeroShot(encoder, images, prompts, seed);
  const valuesOf = <Outcome extends { readonly image: LabeledImage }>(
    outcomes: readonly Outcome[],
    value: (outcome: Outcome) => number,
  ) => new Map(outcomes.map((one) => [one.image.id, { value: value(one), group: one.image.group }]));
  return {
    evaluation: {
      ...{ model: encoder.model.name, split, records, panels: embedded.length, leftOut },
      ...{ captionToImage: pairs.captionToImage, imageToCaption: pairs.imageToCaption, labels },
      labelRatio: precision === null || chance === null || chance === 0 ? null : precision / chance,
      ...{ labelNeighbors: neighbors.measures, zeroShot: zeroShot?.measures ?? null },
    },
    captions: pairs.captions,
    values: {
      ...pairs.values,
      labelNeighbors: valuesOf(neighbors.outcomes, ({ precisionAt10 }) => precisionAt10),
      majorityVote: valuesOf(neighbors.outcomes, ({ isRight }) => Number(isRight)),
      zeroShot: valuesOf(zeroShot?.outcomes ?? [], ({ isRight }) => Number(isRight)),
    },
  };
}

function toLabeled({ record, image }: EmbeddedPanel, group: string): LabeledImage {
  return { id: record.id, group, labels: record.labels ?? [], vector: image };
}

function measureBothWays(embedded: readonly EmbeddedPanel[], groupOf: (record: IngestRecord) => string, seed: string) {
  const captioned = embedded.flatMap(({ caption, ...panel }) => (caption === null ? [] : [{ ...panel, caption }]));
  const images = captioned.map(({ image }) => image);
  const captions = captioned.map(({ caption }) => caption);
  const options = { seed, groups: captioned.map(({ record }) => groupOf(record)) };
  const found = rankPairs(captions, images);
  const toImage = found.map(({ rank }) => rank);
  const toCaption = rankPairs(images, captions).map(({ rank }) => rank);
  const captionOf = ({ record, place }: (typeof captioned)[number]): string =>
    (place === 0 ? record.caption : record.panels?.[place - 1]?.caption) ?? '';
  const values = (ranks: readonly number[]): ReadonlyMap<string, QueryValue> =>
    new Map(
      captioned.map(({ record, place }, i) => [
        `${record.id} ${place}`,
        { value: reciprocalRank(ranks[i] ?? null), group: groupOf(record) },
      ]),
    );
  return {
    captionToImage: measureRanks(toImage, options),
    imageToCaption: measureRanks(toCaption, options),
    values: { captionToImage: values(toImage), imageToCaption: values(toCaption) },
    captions: captioned.map((panel, i) => {
      const first = captioned[found[i]?.first ?? i] ?? panel;
      return {
        ...{ caption: captionOf(panel), id: panel.record.id, rank: toImage[i] ?? 1 },
        ...{ firstId: first.record.id, firstCaption: captionOf(first) },
      };
    }),
  };
}

async function measureLabel(
  encoder: Encoder,
  embedded: readonly EmbeddedPanel[],
  { text, label }: LabelQuery,
): Promise<LabelFigures> {
  const [query] = await encoder.embedTexts([text], 'bulk');
  const order = query === undefined ? [] : ranking(embedded.map(({ image }) => dot(query, image)));
  // A set keeps the place of the first: a record stands where its best panel does.
  const ranked = new Set(order.flatMap((index) => embedded[index]?.record ?? []));
  const isRelevant = [...ranked].map(({ labels }) => (labels ?? []).includes(label));
  const records = new Set(embedded.map(({ record }) => record)).size;
  const relevant = isRelevant.filter(Boolean).length;
  const chance = records === 0 ? 0 : relevant / records;
  const precisionAt10 = precisionAt(isRelevant, 10);
  return { query: text, label, relevant, precisionAt10, chance, ratio: chance === 0 ? 0 : precisionAt10 / chance };
}
