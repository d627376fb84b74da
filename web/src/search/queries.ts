import {
  BrowseFacetsText,
  BrowseText,
  SearchArticlesText,
  SearchText,
  type BrowseFacetsQuery,
  type BrowseQuery,
  type BrowseQueryVariables,
  type SearchArticlesQuery,
  type SearchQuery,
  type SearchQueryVariables,
} from '../generated/operations';
import { ask } from '../shared/server';

export type Hits = SearchQuery['searchFigures'];
export type Hit = Hits['nodes'][number];
export type Facet = Hits['facets'][number];
export type FigurePage = BrowseQuery['figures'];
export type ShownFigure = FigurePage['nodes'][number];
export type ArticleHits = SearchArticlesQuery['searchArticles'];
export type ArticleHit = ArticleHits['nodes'][number];

/** What is asked, under which filter, and where the page begins. */
export type Question = Pick<SearchQueryVariables, 'query' | 'filter' | 'after'>;

const figuresOfPage = 40;
const articlesOfPage = 15;

export async function search(question: Question, signal: AbortSignal): Promise<Hits> {
  return (await ask<SearchQuery>(SearchText, { ...question, first: figuresOfPage }, signal)).searchFigures;
}

export async function searchArticles(question: Question, signal: AbortSignal): Promise<ArticleHits> {
  const asked = { ...question, first: articlesOfPage };
  return (await ask<SearchArticlesQuery>(SearchArticlesText, asked, signal)).searchArticles;
}

/** A page of the corpus without a query. */
export async function browse(
  asked: Pick<BrowseQueryVariables, 'filter' | 'sort' | 'after'>,
  signal: AbortSignal,
): Promise<FigurePage> {
  return (await ask<BrowseQuery>(BrowseText, { ...asked, first: figuresOfPage }, signal)).figures;
}

export async function browseFacets(
  filter: BrowseQueryVariables['filter'],
  signal: AbortSignal,
): Promise<readonly Facet[]> {
  return (await ask<BrowseFacetsQuery>(BrowseFacetsText, { filter }, signal)).figures.facets;
}
