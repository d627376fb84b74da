// How queries of an image and a text find figures: by calibrated scores (ours), by the average of the vectors, by
// vectors less the mean of their modality. Run after `npm run build`:
//   node tools/bench/composition.mjs ../shared/data/figures.jsonl
// It takes the test split into a corpus of its own, in a temporary folder.
import { ActiveModel } from '#dist/src/app/active-model.js';
import { ComposedQuery } from '#dist/src/search/composition.js';
import { Stores } from '#dist/src/ports/stores.js';
import { interval, withTestSplit } from './measuring.mjs';

const file = process.argv[2] ?? '../shared/data/figures.jsonl';
const most = 5000;

await withTestSplit(
  file,
  (record) => record,
  async (core) => {
    const rows = await rowsOf(core);
    const embed = (texts) => embedded(core.get(ActiveModel).current.encoder, texts);
    const background = await core.get(ActiveModel).current.space.scoreStatistics('IMAGE');
    const captions = rows.flatMap(({ figure }) => (figure.caption === '' ? [] : [figure.caption.slice(0, 1500)]));
    const captionVectors = await embed(captions);
    const textMean = meanOf([...captionVectors.values()]);
    const ways = {
      text: (terms) => averaged(terms.filter(({ kind }) => kind === 'text')),
      image: (terms) => averaged(terms.filter(({ kind }) => kind === 'image')),
      average: averaged,
      'less the mean of the modality': (terms) =>
        averaged(
          terms.map((term) => ({
            ...term,
            vector: less(term.vector, term.kind === 'text' ? textMean : background.mean),
          })),
        ),
      calibrated: (terms) => {
        const query = ComposedQuery.compose(terms, background);
        return (vector) => query.scoreVector(vector);
      },
    };
    for (const line of togetherWith(rows, captionVectors, ways)) console.log(JSON.stringify(line));
    for (const line of await without(rows, embed, ways)) console.log(JSON.stringify(line));
  },
);

/** The caption of a figure and the image of another one of its article: where is the figure? */
function togetherWith(rows, captionVectors, ways) {
  const asked = rows.flatMap((wanted) => {
    const text = captionVectors.get(wanted.figure.caption.slice(0, 1500));
    const other = rows.find((row) => row !== wanted && row.figure.articleId === wanted.figure.articleId);
    if (text === undefined || other === undefined || wanted.figure.articleId === null) return [];
    const terms = [
      { kind: 'image', vector: other.vector, weight: 1 },
      { kind: 'text', vector: text, weight: 1 },
    ];
    return [{ wanted, other, terms }];
  });
  return Object.entries(ways).map(([way, toScore]) => {
    const ranks = asked.map(({ wanted, other, terms }) => {
      const score = toScore(terms);
      const own = score(wanted.vector);
      return 1 + rows.filter((row) => row !== wanted && row !== other && score(row.vector) > own).length;
    });
    const within = (k) => interval(ranks.map((rank) => Number(rank <= k)));
    return { task: 'caption and a sibling image → figure', way, n: ranks.length, 'R@1': within(1), 'R@10': within(10) };
  });
}

/** The image of a figure less the name of one of its labels: how many of the first ten still carry it? */
async function without(rows, embed, ways) {
  const counts = new Map();
  for (const { figure } of rows) for (const label of figure.labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const names = await embed([...counts].filter(([, count]) => count >= 8).map(([label]) => label));
  const asked = rows.flatMap((row) => {
    const [kept, unwanted] = row.figure.labels.filter((label) => names.has(label));
    if (kept === undefined || unwanted === undefined) return [];
    const terms = [
      { kind: 'image', vector: row.vector, weight: 1 },
      { kind: 'text', vector: names.get(unwanted), weight: -1 },
    ];
    return [{ row, unwanted, terms }];
  });
  return Object.entries(ways).flatMap(([way, toScore]) => {
    if (way === 'text') return [];
    const shares = asked.map(({ row, unwanted, terms }) => {
      const score = toScore(terms);
      const others = rows.filter((other) => other !== row).map((other) => ({ other, points: score(other.vector) }));
      const first = others.sort((a, b) => b.points - a.points).slice(0, 10);
      return first.filter(({ other }) => other.figure.labels.includes(unwanted)).length / 10;
    });
    return [{ task: 'image without a label', way, n: shares.length, 'unwanted in the first 10': interval(shares) }];
  });
}

/** @returns the image vectors of the corpus, each with its figure */
async function rowsOf(core) {
  const { vectors: source, panels, figures } = core.get(Stores);
  const { version } = core.get(ActiveModel).current.encoder.model;
  await panels.update(await source.corpusState());
  const vectors = await source.scan(version, 'IMAGE', 0, most);
  const figureIds = vectors.map(({ panel }) => panels.panel(panel).figureId);
  const byId = await figures.figuresByIds(figureIds);
  return vectors.map(({ vector }, i) => ({ vector, figure: byId.get(figureIds[i]) }));
}

async function embedded(encoder, texts) {
  const vectors = new Map();
  for (let from = 0; from < texts.length; from += 16) {
    const some = texts.slice(from, from + 16);
    for (const [i, vector] of (await encoder.embedTexts(some, 'bulk')).entries()) vectors.set(some[i], vector);
  }
  return vectors;
}

function averaged(terms) {
  const sum = new Float32Array(terms[0].vector.length);
  for (const { vector, weight } of terms) vector.forEach((value, i) => (sum[i] += weight * value));
  return (vector) => sum.reduce((total, value, i) => total + value * vector[i], 0);
}

function less(vector, mean) {
  return vector.map((value, i) => value - mean[i]);
}

function meanOf(vectors) {
  const mean = new Float32Array(vectors[0].length);
  for (const vector of vectors) vector.forEach((value, i) => (mean[i] += value / vectors.length));
  return mean;
}
