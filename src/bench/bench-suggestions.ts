import { wholeFigurePanelId, type FigureId } from '../domain/ids.js';
import { SeededRandom } from '../domain/seeded-random.js';
import { fitSuggestions, nearestToMean, type SuggestionModel } from '../domain/suggestion-model.js';
import { dot } from '../domain/vector.js';
import { comparePaired, estimateMean, type Estimate, type PairedComparison } from '../evaluation/statistics.js';
import type { EmbeddingStore } from '../ports/embedding-store.js';
import type { FigureFilters } from '../ports/figure-filters.js';
import type { FigureStore } from '../ports/figure-store.js';

/** What is measured. */
export interface SuggestionsBench {
  /** A label is a topic where at least so many figures carry it, and at most a tenth of all. */
  readonly minFigures: number;
  /** Collections that are begun for each topic, each with other members. */
  readonly trials: number;
  /** Numbers of ratings after which the suggestions are looked at. */
  readonly ratings: readonly number[];
}

/** Precision at 20 after a number of ratings. The intervals draw whole topics: collections of one topic are alike. */
export interface SuggestionsMeasurement {
  readonly measure: 'suggestions';
  readonly ratings: number;
  readonly topics: number;
  readonly collections: number;
  readonly learned: Estimate;
  /** By similarity to the mean of the relevant figures. */
  readonly byMean: Estimate;
  readonly gain: PairedComparison;
  /** What a perfect ranking reaches: some topics have fewer than 20 figures left. */
  readonly best: number;
  /** Of one fit. */
  readonly msPerFit: number;
}

interface MeasuredFigure {
  readonly id: FigureId;
  readonly labels: ReadonlySet<string>;
  readonly vector: Float32Array;
}

/** One collection, as a curator fills it. */
interface Session {
  readonly topic: string;
  readonly relevant: MeasuredFigure[];
  readonly irrelevant: MeasuredFigure[];
  readonly judged: Set<MeasuredFigure>;
}

interface Outcome {
  readonly ratings: number;
  readonly topic: string;
  readonly learned: number;
  readonly byMean: number;
  readonly best: number;
  readonly fitMs: number;
}

const shown = 20;
const firstMembers = 3;
/** A curator rates so many figures, then looks at a new list. */
const ratedAtOnce = 5;
const backgroundSize = 300;
const chunk = 500;
const seed = 'suggestions';

/**
 * Plays curators who collect the figures of a label: each begins with three of them and rates the figures that are nearest to
 * the mean of what was relevant so far, five at a time, as their labels say. Both ways of suggesting learn from these same
 * ratings, and are measured on all figures that were not judged.
 * @param space the version of the model whose vectors are used
 */
export async function benchSuggestions(
  stores: {
    readonly filters: Pick<FigureFilters, 'corpus' | 'resolve' | 'page'>;
    readonly figures: Pick<FigureStore, 'figuresByIds'>;
    readonly embeddings: Pick<EmbeddingStore, 'imageVectorsOfPanels' | 'sampleImageVectors'>;
  },
  space: string,
  { minFigures, trials, ratings }: SuggestionsBench,
): Promise<readonly SuggestionsMeasurement[]> {
  const figures = await readFigures(stores, space);
  const sample = new Set((await stores.embeddings.sampleImageVectors(space, backgroundSize)).keys());
  const background = figures.filter(({ id }) => sample.has(wholeFigurePanelId(id)));
  const outcomes: Outcome[] = [];
  for (const topic of topicsOf(figures, minFigures)) {
    for (let trial = 0; trial < trials; trial++) {
      outcomes.push(...(await play(figures, background, { topic, trial, ratings })));
    }
  }
  return ratings.flatMap((count) => summary(outcomes.filter((one) => one.ratings === count)));
}

async function readFigures(
  { filters, figures, embeddings }: Parameters<typeof benchSuggestions>[0],
  space: string,
): Promise<readonly MeasuredFigure[]> {
  const scope = await filters.resolve(null, await filters.corpus());
  const read: MeasuredFigure[] = [];
  for (let after = 0; ;) {
    const { items, hasNextPage } = await filters.page(scope, after, chunk);
    const ids = items.map(({ id }) => id);
    const [stored, vectors] = await Promise.all([
      figures.figuresByIds(ids),
      embeddings.imageVectorsOfPanels(ids.map(wholeFigurePanelId), space),
    ]);
    for (const id of ids) {
      const vector = vectors.get(wholeFigurePanelId(id));
      const labels = new Set(stored.get(id)?.labels ?? []);
      if (vector !== undefined) read.push({ id, labels, vector });
    }
    after = items.at(-1)?.seq ?? after;
    if (!hasNextPage) return read;
  }
}

function topicsOf(figures: readonly MeasuredFigure[], minFigures: number): readonly string[] {
  const counts = new Map<string, number>();
  for (const { labels } of figures) for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= minFigures && count <= figures.length / 10)
    .map(([label]) => label)
    .sort();
}

async function play(
  figures: readonly MeasuredFigure[],
  background: readonly MeasuredFigure[],
  { topic, trial, ratings }: { readonly topic: string; readonly trial: number; readonly ratings: readonly number[] },
): Promise<readonly Outcome[]> {
  const own = figures.filter(({ labels }) => labels.has(topic));
  const members = new SeededRandom(`${seed}/${topic}/${trial}`).sample(own, firstMembers);
  const session: Session = { topic, relevant: [...members], irrelevant: [], judged: new Set(members) };
  const outcomes: Outcome[] = [];
  for (const count of ratings) {
    while (session.judged.size - firstMembers < count) rateNext(figures, session);
    const left = own.filter((figure) => !session.judged.has(figure)).length;
    if (left > 0) outcomes.push(await look(figures, background, session, { ratings: count, left }));
  }
  return outcomes;
}

function rateNext(figures: readonly MeasuredFigure[], { topic, relevant, irrelevant, judged }: Session): void {
  const mean = nearestToMean(relevant.map(({ vector }) => vector));
  for (const figure of best(figures, judged, mean, ratedAtOnce)) {
    judged.add(figure);
    (figure.labels.has(topic) ? relevant : irrelevant).push(figure);
  }
}

async function look(
  figures: readonly MeasuredFigure[],
  background: readonly MeasuredFigure[],
  { topic, relevant, irrelevant, judged }: Session,
  { ratings, left }: { readonly ratings: number; readonly left: number },
): Promise<Outcome> {
  const vectorsOf = (some: readonly MeasuredFigure[]) => some.map(({ vector }) => vector);
  const precision = (model: SuggestionModel) =>
    best(figures, judged, model, shown).filter(({ labels }) => labels.has(topic)).length / shown;
  const startedAt = performance.now();
  const learned = await fitSuggestions({
    relevant: vectorsOf(relevant),
    irrelevant: vectorsOf(irrelevant),
    background: vectorsOf(background.filter((figure) => !judged.has(figure))),
  });
  const fitMs = performance.now() - startedAt;
  const byMean = precision(nearestToMean(vectorsOf(relevant)));
  return { ratings, topic, learned: precision(learned), byMean, best: Math.min(shown, left) / shown, fitMs };
}

/** The figures that nobody judged and that a model places first; ties as they are stored. */
function best(
  figures: readonly MeasuredFigure[],
  judged: ReadonlySet<MeasuredFigure>,
  { direction }: SuggestionModel,
  count: number,
): readonly MeasuredFigure[] {
  return figures
    .filter((figure) => !judged.has(figure))
    .map((figure) => ({ figure, score: dot(direction, figure.vector) }))
    .sort((one, other) => other.score - one.score)
    .slice(0, count)
    .map(({ figure }) => figure);
}

function summary(outcomes: readonly Outcome[]): readonly SuggestionsMeasurement[] {
  const groups = outcomes.map(({ topic }) => topic);
  const valuesOf = (of: (one: Outcome) => number) => outcomes.map(of);
  const options = { seed, groups };
  const learned = estimateMean(
    valuesOf((one) => one.learned),
    options,
  );
  const byMean = estimateMean(
    valuesOf((one) => one.byMean),
    options,
  );
  const gain = comparePaired(
    valuesOf((one) => one.learned),
    valuesOf((one) => one.byMean),
    options,
  );
  const [first] = outcomes;
  if (learned === null || byMean === null || gain === null || first === undefined) return [];
  const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return [
    {
      ...{ measure: 'suggestions', ratings: first.ratings, topics: new Set(groups).size, collections: outcomes.length },
      ...{ learned, byMean, gain, best: meanOf(valuesOf((one) => one.best)) },
      msPerFit: Math.round(meanOf(valuesOf(({ fitMs }) => fitMs)) * 10) / 10,
    },
  ];
}
