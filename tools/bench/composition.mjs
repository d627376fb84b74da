// How queries of an image and a text find figures (the table of docs/search.md): by calibrated scores (ours), by the average of
// the vectors, by vectors less the mean of their modality. `search-tables.mjs` prints it.
import { ActiveModel } from '#dist/src/app/active-model.js';
import { ComposedQuery } from '#dist/src/search/composition.js';
import { Stores } from '#dist/src/ports/stores.js';
import { inTestSplit, interval, markdownTable, withFigures } from './measuring.mjs';

const most = 5000;
const longest = 1500;

/** @param file JSON lines of figures @returns lines of Markdown: how queries of several terms find figures */
export function compositionTable(file) {
  return withFigures(file, { isTaken: inTestSplit, change: (record) => record }, async (core) => {
    const rows = await rowsOf(core);
    const { encoder, space } = core.get(ActiveModel).current;
    const captions = rows.flatMap(({ figure }) => (figure.caption === '' ? [] : [figure.caption.slice(0, longest)]));
    const captionVectors = await embedded(encoder, captions);
    const ways = waysOf(meanOf([...captionVectors.values()]), await space.scoreStatistics('IMAGE'));
    const together = togetherWith(rows, captionVectors, ways);
    const without = await withoutLabel(rows, (texts) => embedded(encoder, texts), ways);
    const head = [
      'scores',
      `caption and a sibling image → figure (n = ${together.n}), R@1`,
      'R@10',
      `image without one of its labels (n = ${without.n}): unwanted in the first 10`,
    ];
    const body = Object.keys(ways).map((way, i) => [way, ...together.cells[i], without.cells[i]]);
    return markdownTable([head, ...body]);
  });
}

/** Each gives a score to an image vector. @param textMean of the captions @param background of the image vectors */
function waysOf(textMean, background) {
  const centered = (term) => less(term.vector, term.kind === 'text' ? textMean : background.mean);
  return {
    'the caption alone': (terms) => averaged(terms.filter(({ kind }) => kind === 'text')),
    'the image alone': (terms) => averaged(terms.filter(({ kind }) => kind === 'image')),
    'average of the vectors': averaged,
    'average, less the mean of each modality': (terms) =>
      averaged(terms.map((term) => ({ ...term, vector: centered(term) }))),
    '**calibrated, as above**': (terms) => {
      const query = ComposedQuery.compose(terms, background);
      return (vector) => query.scoreVector(vector);
    },
  };
}

/** The caption of a figure and the image of another one of its article: where is the figure? */
function togetherWith(rows, captionVectors, ways) {
  const asked = rows.flatMap((wanted) => {
    const text = captionVectors.get(wanted.figure.caption.slice(0, longest));
    const other = rows.find((row) => row !== wanted && row.figure.articleId === wanted.figure.articleId);
    if (text === undefined || other === undefined || wanted.figure.articleId === null) return [];
    const terms = [
      { kind: 'image', vector: other.vector, weight: 1 },
      { kind: 'text', vector: text, weight: 1 },
    ];
    return [{ wanted, other, terms }];
  });
  const cells = Object.values(ways).map((toScore) => {
    const ranks = asked.map(({ wanted, other, terms }) => {
      const score = toScore(terms);
      const own = score(wanted.vector);
      return 1 + rows.filter((row) => row !== wanted && row !== other && score(row.vector) > own).length;
    });
    const within = (k) => interval(ranks.map((rank) => Number(rank <= k)));
    return [within(1), within(10)];
  });
  return { n: asked.length, cells };
}

/** The image of a figure less the name of one of its labels: how many of the first ten still carry it? */
async function withoutLabel(rows, embed, ways) {
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
  const cells = Object.entries(ways).map(([way, toScore]) => {
    // A caption alone has no image to be compared with.
    if (way === 'the caption alone') return '';
    const shares = asked.map(({ row, unwanted, terms }) => {
      const score = toScore(terms);
      const others = rows.filter((other) => other !== row).map((other) => ({ other, points: score(other.vector) }));
      const first = others.sort((a, b) => b.points - a.points).slice(0, 10);
      return first.filter(({ other }) => other.figure.labels.includes(unwanted)).length / 10;
    });
    return interval(shares);
  });
  return { n: asked.length, cells };
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
