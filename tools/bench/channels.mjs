// How each channel and the fusions find figures (the table of docs/search.md); `search-tables.mjs` prints it.
// Alt texts are the queries, so they are not stored; labels only for the last column.
import { FigureSearch } from '#dist/src/search/figure-search.js';
import { defaultSearchRequest } from '#dist/src/search/search-request.js';
import { FigureStore } from '#dist/src/ports/figure-store.js';
import { localOperator } from '#dist/src/domain/viewer.js';
import { inTestSplit, interval, markdownTable, withFigures } from './measuring.mjs';

const longest = 4000;
const all = ['IMAGE', 'CAPTION', 'KEYWORD'];
const ways = [
  ['IMAGE', { channels: ['IMAGE'] }],
  ['CAPTION', { channels: ['CAPTION'] }],
  ['KEYWORD', { channels: ['KEYWORD'] }],
  [
    'ranks, equal weights (the paper)',
    { channels: all, fusion: 'RECIPROCAL_RANK', channelWeights: { IMAGE: 1, CAPTION: 1, KEYWORD: 1 } },
  ],
  ['ranks, our weights', { channels: all, fusion: 'RECIPROCAL_RANK' }],
  ['**scores, our weights**', { channels: all, fusion: 'WEIGHTED_SCORES' }],
];
const labelQueries = [
  ['chest x-ray radiograph', 'radiograph'],
  ['blood smear', 'blood smear'],
  ['cell nuclei', 'nuclei'],
  ['red blood cells in a blood smear', 'RBC'],
  ['platelets', 'Platelets'],
];

/** @param file JSON lines of figures @returns lines of Markdown: how channels and fusions find figures by a text */
export async function channelTables(file) {
  const unlabeled = await measured(file, ['alt', 'modality', 'labels']);
  const labeled = await measured(file, ['alt', 'modality']);
  const rows = unlabeled.map(({ name, altToFigure, labels }, i) => [
    ...[name, altToFigure['R@1'], altToFigure['R@10']],
    ...[labels.toFixed(2), labeled[i].labels.toFixed(2)],
  ]);
  const [{ altToFigure, captionToImage }] = unlabeled;
  const head = ['', 'alt → figure R@1', 'R@10', 'P@10, labels not indexed', 'P@10, labels indexed'];
  return [
    ...markdownTable([head, ...rows]),
    '',
    `alt → figure: n = ${altToFigure.n}. Caption → image by IMAGE alone (n = ${captionToImage.n}): ` +
      `R@1 ${captionToImage['R@1']}, R@10 ${captionToImage['R@10']}.`,
  ];
}

/** @param withheld fields that are not stored */
function measured(file, withheld) {
  const change = (record) => Object.fromEntries(Object.entries(record).filter(([field]) => !withheld.includes(field)));
  return withFigures(file, { isTaken: inTestSplit, change }, async (core, records) => {
    const ranking = await rankingOf(core, records);
    const rows = [];
    for (const [name, way] of ways) {
      const labels = await labelPrecision(records, (text) => ranking(text, way));
      const altToFigure = await found(records, 'alt', (text) => ranking(text, way));
      const captionToImage = name === 'IMAGE' ? await found(records, 'caption', (text) => ranking(text, way)) : null;
      rows.push({ name, labels, altToFigure, captionToImage });
    }
    return rows;
  });
}

/** @returns a search that gives the ids of all records, best first */
async function rankingOf(core, records) {
  // As many as there are: all of them.
  const figures = await core.get(FigureStore).sampleEvenly(records.length);
  const keyOf = new Map(figures.map(({ id, sourceKey }) => [id, sourceKey]));
  return async (text, way) => {
    const terms = [{ kind: 'text', text: text.slice(0, longest), weight: 1 }];
    const request = { ...defaultSearchRequest, ...way, terms, collapseDuplicates: false, exact: true };
    const ranked = await core.get(FigureSearch).ranked(localOperator, request, records.length);
    return ranked.figures.map(({ figureId }) => keyOf.get(figureId));
  };
}

/** Whether each record is among the first k for its own text. */
async function found(records, field, ranking) {
  const asked = records.filter((record) => record[field] && record.caption);
  const places = [];
  for (const record of asked) places.push((await ranking(record[field])).indexOf(record.id));
  const within = (k) => interval(places.map((place) => Number(place >= 0 && place < k)));
  return { n: places.length, 'R@1': within(1), 'R@10': within(10) };
}

/** The mean share of the first ten that have the label which a text names. */
async function labelPrecision(records, ranking) {
  const precisions = [];
  for (const [text, label] of labelQueries) {
    const isRight = new Set(records.filter(({ labels = [] }) => labels.includes(label)).map(({ id }) => id));
    precisions.push((await ranking(text)).slice(0, 10).filter((id) => isRight.has(id)).length / 10);
  }
  return precisions.reduce((sum, value) => sum + value, 0) / precisions.length;
}
