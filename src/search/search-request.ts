import { FigseekError } from '../domain/errors.js';
import { validateFilter, type FigureFilter } from '../domain/figure-filter.js';
import { sha256 } from '../domain/ids.js';
import { validateFirst } from '../domain/page.js';
import type { ChannelWeights } from '../domain/channel-weights.js';
import type { Channel } from '../domain/search.js';

/** Where the image of a query comes from. */
export type ImageSource =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'upload'; readonly id: string }
  | { readonly kind: 'figure'; readonly id: string }
  | { readonly kind: 'panel'; readonly id: string };

/** A part of an image, in fractions 0..1 of its width and height. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface ImageReference {
  readonly source: ImageSource;
  readonly region: Region | null;
}

/** One part of a query. A positive weight draws towards it, a negative one pushes away. */
export type Term =
  | { readonly kind: 'text'; readonly text: string; readonly weight: number }
  | { readonly kind: 'image'; readonly image: ImageReference; readonly weight: number };

/** How the channels become one list; see docs/search.md. */
export type FusionMethod = 'RECIPROCAL_RANK' | 'WEIGHTED_SCORES';

export interface SearchRequest {
  readonly terms: readonly Term[];
  /** Null: all that apply to the query. */
  readonly channels: readonly Channel[] | null;
  readonly filter: FigureFilter | null;
  readonly first: number;
  /** Compare with every vector in place of the approximate index. */
  readonly exact: boolean;
  readonly fusion: FusionMethod;
  /** How much each channel counts; where absent, as tuned for the corpus, else `defaultWeights`. */
  readonly channelWeights: ChannelWeights;
  /** Hits below this share of the best one's fused score are dropped, 0..1. */
  readonly minRelativeScore: number | null;
  readonly collapseDuplicates: boolean;
  /** Whether words of a text are also looked for by their synonyms and written-out abbreviations. */
  readonly expand: boolean;
}

export type CheckedRequest = SearchRequest & { readonly channels: readonly Channel[] };

/** What a request is where it says nothing. */
export const defaultSearchRequest: Omit<SearchRequest, 'terms'> = {
  channels: null,
  filter: null,
  first: 20,
  exact: false,
  // Better than ranks on every measure taken (docs/search.md).
  fusion: 'WEIGHTED_SCORES',
  channelWeights: {},
  minRelativeScore: null,
  collapseDuplicates: true,
  expand: true,
};

/** Chosen by measurement (docs/search.md): words are the surest sign, captions tell much the same as words. */
export const defaultWeights: Readonly<Record<Channel, number>> = { IMAGE: 1, CAPTION: 0.5, KEYWORD: 1.5 };

/** How many panels each of several channels names for the first page of a query, where `figseek tune` chose no other number. */
export const usualDepth = 200;

const maxTextLength = 4096;
/** Unicode's Stream-Safe Text Format (UAX #15): no script has more, and what compares letters takes long over more. */
const manyMarks = /\p{M}{31}/u;
const maxTerms = 16;
const maxWeight = 100;

/**
 * Checks a request before anything is computed.
 * @param maxFirst most hits that this server gives; a request for more gets as many
 * @returns the request with its texts trimmed, empty terms left out, its channels and its number of hits decided
 * @throws {FigseekError} BAD_USER_INPUT saying what was expected
 */
export function parseSearchRequest(request: SearchRequest, maxFirst: number): CheckedRequest {
  const terms = parseTerms(request.terms);
  const { minRelativeScore } = request;
  if (minRelativeScore !== null && !(minRelativeScore >= 0 && minRelativeScore <= 1)) {
    refuse('minRelativeScore to be from 0 to 1', String(minRelativeScore));
  }
  for (const [channel, weight] of Object.entries(request.channelWeights)) {
    if (!(weight >= 0 && weight <= maxWeight)) refuse(`the weight of ${channel} to be from 0 to 100`, `${weight}`);
  }
  const channels = parseChannels(request.channels, terms);
  if (channels.every((channel) => (request.channelWeights[channel] ?? defaultWeights[channel]) === 0)) {
    refuse(`a weight above 0 for one of ${channels.join(', ')}`, 'none');
  }
  const filter = request.filter === null ? null : validateFilter(request.filter);
  return { ...request, first: validateFirst(request.first, maxFirst), terms, filter, channels };
}

/** Requests with one key have the same answer in one state of the corpus, wherever their pages begin. */
export function requestCacheKey({ first: _, ...request }: CheckedRequest): string {
  // Before JSON: a Buffer would become a list of numbers, gigabytes of them.
  const terms = request.terms.map((term) => {
    if (term.kind === 'text' || term.image.source.kind !== 'bytes') return term;
    return { ...term, image: { ...term.image, source: { kind: 'bytes', hash: sha256(term.image.source.bytes) } } };
  });
  return sha256(JSON.stringify({ ...request, terms }));
}

/** @returns the text without spaces around it. @throws {FigseekError} BAD_USER_INPUT for one too long */
export function parseQueryText(given: string): string {
  const text = given.trim();
  if (text.length > maxTextLength) refuse(`a text of at most ${maxTextLength} characters`, `${text.length}`);
  if (manyMarks.test(text)) refuse('at most 30 combining marks on one letter', 'more');
  return text;
}

function parseTerms(given: readonly Term[]): readonly Term[] {
  const terms = given.flatMap((term): Term[] => {
    if (term.kind === 'image') {
      if (term.image.region !== null) checkRegion(term.image.region);
      return [term];
    }
    const text = parseQueryText(term.text);
    return text === '' ? [] : [{ ...term, text }];
  });
  if (terms.length === 0) {
    throw new FigseekError('BAD_USER_INPUT', 'The query is empty: give a text or an image');
  }
  if (terms.length > maxTerms) refuse(`at most ${maxTerms} terms`, String(terms.length));
  for (const { weight } of terms) {
    if (!Number.isFinite(weight) || weight === 0 || Math.abs(weight) > maxWeight) {
      refuse(`the weight of a term to be from -${maxWeight} to ${maxWeight} and not 0`, String(weight));
    }
  }
  if (terms.every(({ weight }) => weight < 0)) {
    throw new FigseekError('BAD_USER_INPUT', 'Every term pushes away: give at least one with a positive weight');
  }
  return terms;
}

function checkRegion({ x, y, width, height }: Region): void {
  const inside = x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= 1 + 1e-9 && y + height <= 1 + 1e-9;
  if (!inside) refuse('a region inside the image, in fractions 0..1', JSON.stringify({ x, y, width, height }));
}

function parseChannels(given: readonly Channel[] | null, terms: readonly Term[]): readonly Channel[] {
  const hasText = terms.some(({ kind, weight }) => kind === 'text' && weight > 0);
  // An image that is not stored has no caption: compared with captions it would bring up what merely reads like it.
  const hasCaption = terms.some((term) => term.kind === 'image' && isWholeStoredImage(term.image));
  const ofImages: readonly Channel[] = hasCaption ? ['IMAGE', 'CAPTION'] : ['IMAGE'];
  const applicable: readonly Channel[] = hasText ? ['IMAGE', 'CAPTION', 'KEYWORD'] : ofImages;
  const channels = [...new Set(given ?? applicable)];
  if (channels.length === 0) refuse('at least one channel', 'none');
  if (!hasText && channels.includes('KEYWORD')) {
    throw new FigseekError('BAD_USER_INPUT', 'The channel KEYWORD needs a text; this query has only an image');
  }
  return channels;
}

function isWholeStoredImage({ source, region }: ImageReference): boolean {
  return region === null && (source.kind === 'figure' || source.kind === 'panel');
}

function refuse(expected: string, received: string): never {
  throw new FigseekError('BAD_USER_INPUT', `Expected ${expected} but received ${received}`);
}
