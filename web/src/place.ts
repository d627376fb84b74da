import type { SearchChannel } from './generated/operations';

/** A part of an image, in fractions 0..1 of its width and height. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One part of a query beside the words in the box. */
export interface PlaceTerm {
  readonly kind: TermKind;
  /** The words, or the id of an upload, a figure, a panel or a mask. */
  readonly value: string;
  /** Below 0: figures like it come last. */
  readonly weight: number;
  /** The part of the image that counts; all of it where it is left out. */
  readonly region?: Region;
}

type TermKind = (typeof termKinds)[number];
const termKinds = ['text', 'upload', 'figure', 'panel', 'mask'] as const;

/** Which values of a facet are chosen. */
type Chosen = Readonly<Record<FacetName, readonly string[]>>;
export type FacetName = (typeof facetNames)[number];
export const facetNames = [
  ...(['figureType', 'modality', 'predictedModality'] as const),
  ...(['license', 'journal', 'label', 'year', 'hasAnyMask'] as const),
] as const;

/** The order of figures without a query. */
export type Sort = 'NEWEST' | 'YEAR' | 'ARTICLE';
export const sorts: readonly Sort[] = ['NEWEST', 'YEAR', 'ARTICLE'];

export type Reuse = 'ANY' | 'COMMERCIAL' | 'DERIVATIVES' | 'COMMERCIAL_DERIVATIVES';
const reuses: readonly Reuse[] = ['ANY', 'COMMERCIAL', 'DERIVATIVES', 'COMMERCIAL_DERIVATIVES'];

export const channels: readonly SearchChannel[] = ['IMAGE', 'CAPTION', 'KEYWORD'];

/** The parts of the page that the header leads to. */
export type Section = (typeof sections)[number];
export const sections = ['search', 'collections', 'atlas', 'duplicates', 'system'] as const;

/** Where the reader is; the address bar holds all of it, so that a link or a reload gives the same page. */
export interface Place {
  readonly section: Section;
  readonly text: string;
  readonly terms: readonly PlaceTerm[];
  /** The evidence that counts; none for all that apply. */
  readonly channels: readonly SearchChannel[];
  /** Compare with every vector instead of the approximate index. */
  readonly exact: boolean;
  /** Show each figure, also those with the same picture. */
  readonly showCopies: boolean;
  readonly chosen: Chosen;
  readonly yearFrom: number | null;
  readonly yearTo: number | null;
  readonly reuse: Reuse;
  readonly view: 'figures' | 'articles';
  readonly sort: Sort;
  /** The collection that is open, or, in a search, whose figures alone are searched. */
  readonly collectionId: string | null;
  /** The figure that is open. */
  readonly figureId: string | null;
}

export function readPlace(search: string): Place {
  const parameters = new URLSearchParams(search);
  return {
    section: oneOf(sections, parameters.get('section')) ?? 'search',
    text: parameters.get('q') ?? '',
    terms: parameters.getAll('term').flatMap(toTerm),
    channels: channels.filter((channel) => parameters.getAll('channel').includes(channel.toLowerCase())),
    exact: parameters.get('exact') === 'true',
    showCopies: parameters.get('copies') === 'true',
    chosen: {
      figureType: parameters.getAll('figureType'),
      modality: parameters.getAll('modality'),
      predictedModality: parameters.getAll('predictedModality'),
      license: parameters.getAll('license'),
      journal: parameters.getAll('journal'),
      label: parameters.getAll('label'),
      year: parameters.getAll('year').filter((year) => toYear(year) !== null),
      hasAnyMask: parameters.getAll('hasAnyMask').filter((value) => value === 'true' || value === 'false'),
    },
    yearFrom: toYear(parameters.get('from')),
    yearTo: toYear(parameters.get('to')),
    reuse: oneOf(reuses, parameters.get('reuse')) ?? 'ANY',
    view: parameters.get('view') === 'articles' ? 'articles' : 'figures',
    sort: oneOf(sorts, parameters.get('sort')?.toUpperCase()) ?? 'NEWEST',
    collectionId: parameters.get('collection'),
    figureId: parameters.get('figure'),
  };
}

function oneOf<Value extends string>(values: readonly Value[], written: string | null | undefined): Value | null {
  return values.find((value) => value === written) ?? null;
}

const termForm = /^(-?\d+(?:\.\d+)?):([a-z]+)(?:@([\d.,]+))?:([^]+)$/;

/** `1:text:necrosis` or `1:figure@0.1,0.2,0.5,0.5:ID` → a term; what is not of this form is passed over. */
function toTerm(written: string): readonly PlaceTerm[] {
  const [, weight, name, part, value] = termForm.exec(written) ?? [];
  const kind = oneOf(termKinds, name);
  if (weight === undefined || value === undefined || kind === null || Number(weight) === 0) return [];
  const region = part === undefined ? null : toRegion(part);
  return [{ kind, value, weight: Number(weight), ...(region === null ? {} : { region }) }];
}

function toRegion(written: string): Region | null {
  const [x, y, width, height] = written.split(',').map(Number);
  if (x === undefined || y === undefined || width === undefined || height === undefined) return null;
  const isInside = x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= 1.0001 && y + height <= 1.0001;
  return isInside ? { x, y, width, height } : null;
}

function toYear(text: string | null): number | null {
  return text !== null && /^\d{4}$/.test(text) ? Number(text) : null;
}

function writeTerm({ weight, kind, value, region }: PlaceTerm): string {
  const part =
    region === undefined
      ? ''
      : `@${[region.x, region.y, region.width, region.height].map((number) => String(Number(number.toFixed(4)))).join(',')}`;
  return `${weight}:${kind}${part}:${value}`;
}

export function addressOf(place: Place): string {
  const parameters = new URLSearchParams();
  if (place.section !== 'search') parameters.set('section', place.section);
  if (place.text !== '') parameters.set('q', place.text);
  for (const term of place.terms) parameters.append('term', writeTerm(term));
  for (const channel of place.channels) parameters.append('channel', channel.toLowerCase());
  if (place.exact) parameters.set('exact', 'true');
  if (place.showCopies) parameters.set('copies', 'true');
  for (const name of facetNames) for (const value of place.chosen[name]) parameters.append(name, value);
  if (place.yearFrom !== null) parameters.set('from', String(place.yearFrom));
  if (place.yearTo !== null) parameters.set('to', String(place.yearTo));
  if (place.reuse !== 'ANY') parameters.set('reuse', place.reuse);
  if (place.view === 'articles') parameters.set('view', 'articles');
  if (place.sort !== 'NEWEST') parameters.set('sort', place.sort.toLowerCase());
  if (place.collectionId !== null) parameters.set('collection', place.collectionId);
  if (place.figureId !== null) parameters.set('figure', place.figureId);
  const query = parameters.toString();
  return query === '' ? '/' : `/?${query}`;
}

/** The first page, with nothing asked. */
export const start: Place = readPlace('');
