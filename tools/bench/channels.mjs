// How each channel and the fusions find figures (the table of docs/search.md). Run after `npm run build`:
//   node tools/bench/channels.mjs ../shared/data/figures.jsonl [labels]
// Alt texts are the queries, so they are not stored; labels only where `labels` is said.
import { FigureSearch } from '#dist/src/search/figure-search.js';
import { defaultSearchRequest } from '#dist/src/search/search-request.js';
import { FigureStore } from '#dist/src/ports/figure-store.js';
import { localOperator } from '#dist/src/domain/viewer.js';
import { interval, withTestSplit } from './measuring.mjs';

const [file = '../shared/data/figures.jsonl', storeLabels] = process.argv.slice(2);
const longest = 4000;
const all = ['IMAGE', 'CAPTION', 'KEYWORD'];
const ways = {
  IMAGE: { channels: ['IMAGE'] },
  CAPTION: { channels: ['CAPTION'] },
  KEYWORD: { channels: ['KEYWORD'] },
  'fused by ranks': { channels: all, fusion: 'RECIPROCAL_RANK' },
  'fused by scores': { channels: all, fusion: 'WEIGHTED_SCORES' },
};
const labelQueries = [
  ['chest x-ray radiograph', 'radiograph'],
  ['blood smear', 'blood smear'],
  ['cell nuclei', 'nuclei'],
  ['red blood cells in a blood smear', 'RBC'],
  ['platelets', 'Platelets'],
];

const withheld = ['alt', 'modality', ...(storeLabels === 'labels' ? [] : ['labels'])];
const stored = (record) => Object.fromEntries(Object.entries(record).filter(([field]) => !withheld.includes(field)));

await withTestSplit(file, stored, async (core, records) => {
  // As many as there are: all of them.
  const figures = await core.get(FigureStore).sampleEvenly(records.length);
  const keyOf = new Map(figures.map(({ id, sourceKey }) => [id, sourceKey]));
  const ranking = async (text, way) => {
    const terms = [{ kind: 'text', text: text.slice(0, longest), weight: 1 }];
    const request = { ...defaultSearchRequest, ...way, terms, collapseDuplicates: false, exact: true };
    const ranked = await core.get(FigureSearch).ranked(localOperator, request, records.length);
    return ranked.figures.map(({ figureId }) => keyOf.get(figureId));
  };
  /** Whether each record is among the first k for its own text. */
  const found = async (field, way) => {
    const asked = records.filter((record) => record[field] && record.caption);
    const places = [];
    for (const record of asked) places.push((await ranking(record[field], way)).indexOf(record.id));
    const within = (k) => interval(places.map((place) => Number(place >= 0 && place < k)));
    return { n: places.length, 'R@1': within(1), 'R@10': within(10) };
  };
  for (const [name, way] of Object.entries(ways)) {
    const precisions = [];
    for (const [text, label] of labelQueries) {
      const isRight = new Set(records.filter(({ labels = [] }) => labels.includes(label)).map(({ id }) => id));
      precisions.push((await ranking(text, way)).slice(0, 10).filter((id) => isRight.has(id)).length / 10);
    }
    const mean = precisions.reduce((sum, value) => sum + value, 0) / precisions.length;
    const altToFigure = await found('alt', way);
    const captionToImage = name === 'IMAGE' ? { captionToImage: await found('caption', way) } : {};
    console.log(JSON.stringify({ way: name, altToFigure, labelsP10: Number(mean.toFixed(2)), ...captionToImage }));
  }
});
