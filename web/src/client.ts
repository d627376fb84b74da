import {
  BrowseFacetsText,
  BrowseText,
  CorpusText,
  MaskPromptsText,
  OneFigureText,
  OneMaskText,
  ReusedText,
  RecognitionText,
  SearchText,
  type BrowseFacetsQuery,
  type BrowseQuery,
  type BrowseQueryVariables,
  type CorpusQuery,
  type MaskPromptsQuery,
  type OneFigureQuery,
  type OneMaskQuery,
  type ReusedQuery,
  type RecognitionQuery,
  SearchArticlesText,
  type SearchArticlesQuery,
  type SearchQuery,
  type SearchQueryVariables,
} from './generated/operations';

export type Hits = SearchQuery['searchFigures'];
export type Hit = Hits['nodes'][number];
export type Facet = Hits['facets'][number];
export type FigurePage = BrowseQuery['figures'];
export type ShownFigure = FigurePage['nodes'][number];
export type ArticleHits = SearchArticlesQuery['searchArticles'];
export type ArticleHit = ArticleHits['nodes'][number];
export type FigureDetail = NonNullable<OneFigureQuery['figure']>;

type ReusedFigure = ReusedQuery['duplicatesOf'][number]['figure'];

export type MaskPrompts = MaskPromptsQuery['maskPrompts'];
export type Mask = NonNullable<OneMaskQuery['figure']>['mask'];
type Recognition = NonNullable<RecognitionQuery['figure']>['recognise'];

/** What the server answered in words for a person, or that it did not. */
export class AnswerError extends Error {
  constructor(
    message: string,
    /** `extensions.code` of the answer; null where there was none. */
    readonly code: string | null = null,
  ) {
    super(message);
  }
}

/** @throws {AnswerError} where no JSON comes back: the server is down, or what stands before it answers in its place */
async function post(address: string, request: RequestInit): Promise<unknown> {
  try {
    return await (await fetch(address, { ...request, method: 'POST' })).json();
  } catch (error) {
    if (request.signal?.aborted === true) throw error;
    throw new AnswerError('The server does not answer. Is figseek still running, and the network up?');
  }
}

async function ask<Data>(query: string, variables: object, signal: AbortSignal): Promise<Data> {
  const answer = (await post('/graphql', {
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    signal,
  })) as { data?: Data | null; errors?: { message: string; extensions?: { code?: string } }[] };
  const [error] = answer.errors ?? [];
  if (error !== undefined) throw new AnswerError(error.message, error.extensions?.code ?? null);
  if (answer.data === undefined || answer.data === null) throw new AnswerError('The server gave no answer');
  return answer.data;
}

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

/** @param text what is searched for: the figure tells where it shows it */
export async function oneFigure(id: string, text: string, signal: AbortSignal): Promise<FigureDetail | null> {
  return (await ask<OneFigureQuery>(OneFigureText, { id, text }, signal)).figure ?? null;
}

export async function reusedPictures(id: string, signal: AbortSignal): Promise<readonly ReusedFigure[]> {
  const { duplicatesOf } = await ask<ReusedQuery>(ReusedText, { id }, signal);
  // A figure with several panels is shown once.
  return [...new Map(duplicatesOf.map(({ figure }) => [figure.id, figure])).values()];
}

/** How long one question for a mask waits: under what proxies take for a dead connection. */
const maskWaitMs = 20_000;

/**
 * Asks until the mask is made, or failed.
 * @param imageType whose statistics count; null for the server's choice
 */
export async function mask(
  figureId: string,
  prompt: string,
  imageType: string | null,
  signal: AbortSignal,
): Promise<Mask> {
  const asked = { figureId, prompt, imageType, waitMs: maskWaitMs };
  for (;;) {
    const { figure } = await ask<OneMaskQuery>(OneMaskText, asked, signal);
    if (figure == null) throw new AnswerError('There is no such figure any more');
    if (figure.mask.status !== 'PENDING') return figure.mask;
  }
}

/** Asks until all objects of an image type were looked for, or that failed. */
export async function detectObjects(figureId: string, imageType: string, signal: AbortSignal): Promise<Recognition> {
  for (;;) {
    const asked = { figureId, imageType, waitMs: maskWaitMs };
    const { figure } = await ask<RecognitionQuery>(RecognitionText, asked, signal);
    if (figure == null) throw new AnswerError('There is no such figure any more');
    if (figure.recognise.status !== 'PENDING') return figure.recognise;
  }
}

export async function maskPrompts(signal: AbortSignal): Promise<MaskPrompts> {
  return (await ask<MaskPromptsQuery>(MaskPromptsText, {}, signal)).maskPrompts;
}

export function corpus(signal: AbortSignal): Promise<CorpusQuery> {
  return ask<CorpusQuery>(CorpusText, {}, signal);
}

/** Sends an image to search by. @returns the id of the upload */
export async function upload(image: Blob): Promise<string> {
  const answer = (await post('/uploads', {
    headers: { 'Content-Type': 'application/octet-stream' },
    body: image,
  })) as { id?: string; error?: { message: string } };
  if (answer.id === undefined) throw new AnswerError(answer.error?.message ?? 'The image could not be sent');
  return answer.id;
}
