// How articles are found by their figures (the table of docs/search.md); `search-tables.mjs` prints it. Each figure asks,
// by its image or its caption, for the rest of its article, itself left out of the answer. Sections of a book count as articles.
import { articleScore } from '#dist/src/search/article-search.js';
import { FigureSearch } from '#dist/src/search/figure-search.js';
import { defaultSearchRequest, parseSearchRequest } from '#dist/src/search/search-request.js';
import { FigureStore } from '#dist/src/ports/figure-store.js';
import { localOperator } from '#dist/src/domain/viewer.js';
import { interval, markdownTable, withFigures } from './measuring.mjs';

/** As deep as `searchArticles` looks. */
const depth = 1000;
const longest = 4000;
/** Figures of a book or of a journal; the others belong to image collections. */
const isOfArticle = ({ id }) => id.startsWith('os-') || id.startsWith('jats-');
const decayed = (scores) => scores.reduce((sum, score, place) => sum + score * 0.5 ** place, 0);
const total = (scores) => scores.reduce((sum, score) => sum + score, 0);
/** The score of an article from those of its figures, best first. */
const ways = [
  { name: 'best figure alone', scoreOf: ([best]) => best },
  { name: 'sum', scoreOf: total },
  { name: 'best three', scoreOf: (scores) => total(scores.slice(0, 3)) },
  { name: 'halves', scoreOf: decayed },
  { name: '**squares, halves**', scoreOf: articleScore },
];

/** @param file JSON lines of figures @returns lines of Markdown: how articles are found by figures of theirs */
export function articleTable(file) {
  const change = ({ source, ...record }) => {
    const { title, section } = source;
    return { ...record, source: section === undefined ? source : { title: `${title}: ${section}` } };
  };
  return withFigures(file, { isTaken: () => true, change }, async (core, records) => {
    const figures = await core.get(FigureStore).sampleEvenly(records.length);
    const articleOf = new Map(figures.map(({ id, articleId }) => [id, articleId]));
    const sizes = new Map();
    for (const articleId of articleOf.values()) sizes.set(articleId, (sizes.get(articleId) ?? 0) + 1);
    const byKey = new Map(records.map((record) => [record.id, record]));
    const asking = figures.filter(
      ({ sourceKey, articleId }) => isOfArticle(byKey.get(sourceKey)) && sizes.get(articleId) > 1,
    );
    const captioned = asking.filter(({ caption }) => caption !== '');
    const questions = [
      { name: 'image', figures: asking, channels: ['IMAGE'], termOf: imageTerm },
      { name: 'caption, CAPTION alone', figures: captioned, channels: ['CAPTION'], termOf: captionTerm },
      { name: 'caption, all channels', figures: captioned, channels: null, termOf: captionTerm },
    ];
    const head = [''];
    const rows = ways.map(({ name }) => [name]);
    for (const { name, figures: asked, channels, termOf } of questions) {
      head.push(`by ${name} (${asked.length}): R@1`, 'R@10', 'MRR');
      const queries = asked.map((figure) => ({ figure, request: { terms: [termOf(figure)], channels } }));
      for (const [i, ranks] of (await ranksOf(core, articleOf, queries)).entries()) rows[i].push(...cellsOf(ranks));
    }
    return [...markdownTable([head, ...rows]), '', `${sizes.size} articles.`];
  });
}

const imageTerm = ({ id }) => ({
  ...{ kind: 'image', weight: 1 },
  image: { source: { kind: 'figure', id }, region: null },
});
const captionTerm = ({ caption }) => ({ kind: 'text', text: caption.slice(0, longest), weight: 1 });

function cellsOf(ranks) {
  const within = (k) => interval(ranks.map((rank) => Number(rank <= k)));
  return [within(1), within(10), interval(ranks.map((rank) => 1 / rank))];
}

/** @returns for each way the rank of the right article of each query; Infinity where none of its figures was found */
async function ranksOf(core, articleOf, asked) {
  /** @type {number[][]} */
  const ranks = ways.map(() => []);
  for (const { figure, request } of asked) {
    const given = { ...defaultSearchRequest, ...request, collapseDuplicates: false };
    const checked = parseSearchRequest(given, depth);
    const { figures } = await core.get(FigureSearch).ranked(localOperator, checked, depth);
    const scores = new Map();
    for (const { figureId, score } of figures) {
      if (figureId === figure.id) continue;
      const articleId = articleOf.get(figureId);
      scores.set(articleId, [...(scores.get(articleId) ?? []), score]);
    }
    for (const [i, { scoreOf }] of ways.entries()) {
      const points = [...scores].map(([articleId, own]) => ({ articleId, points: scoreOf(own) }));
      points.sort((a, b) => b.points - a.points || (a.articleId < b.articleId ? -1 : 1));
      const place = points.findIndex(({ articleId }) => articleId === figure.articleId);
      ranks[i].push(place < 0 ? Infinity : place + 1);
    }
  }
  return ranks;
}
