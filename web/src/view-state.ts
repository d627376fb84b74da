import { useEffect, useState } from 'preact/hooks';

/** One part of a query beside the words in the box. */
export interface PlaceTerm {
  readonly kind: 'text' | 'upload' | 'figure' | 'mask';
  /** The words, or the id of an upload, a figure or a mask. */
  readonly value: string;
  readonly weight: number;
}

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

/** Where the reader is; the address bar holds all of it, so that a link or a reload gives the same page. */
export interface Place {
  readonly text: string;
  readonly terms: readonly PlaceTerm[];
  readonly chosen: Chosen;
  readonly yearFrom: number | null;
  readonly yearTo: number | null;
  readonly reuse: Reuse;
  readonly view: 'figures' | 'articles';
  readonly sort: Sort;
  /** The figure that is open. */
  readonly figureId: string | null;
}

function read(): Place {
  const parameters = new URLSearchParams(location.search);
  const reuse = reuses.find((one) => one === parameters.get('reuse')) ?? 'ANY';
  return {
    text: parameters.get('q') ?? '',
    terms: parameters.getAll('term').flatMap(toTerm),
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
    reuse,
    view: parameters.get('view') === 'articles' ? 'articles' : 'figures',
    sort: sorts.find((one) => one === parameters.get('sort')?.toUpperCase()) ?? 'NEWEST',
    figureId: parameters.get('figure'),
  };
}

/** `1:text:necrosis` → a term; what is not of this form is passed over. */
function toTerm(written: string): readonly PlaceTerm[] {
  const [, weight, kind, value] = /^(-?\d+(?:\.\d+)?):(text|upload|figure|mask):([^]+)$/.exec(written) ?? [];
  if (weight === undefined || value === undefined || Number(weight) === 0) return [];
  return [{ kind: kind as PlaceTerm['kind'], value, weight: Number(weight) }];
}

function toYear(text: string | null): number | null {
  return text !== null && /^\d{4}$/.test(text) ? Number(text) : null;
}

function toAddress(place: Place): string {
  const parameters = new URLSearchParams();
  if (place.text !== '') parameters.set('q', place.text);
  for (const { weight, kind, value } of place.terms) parameters.append('term', `${weight}:${kind}:${value}`);
  for (const name of facetNames) for (const value of place.chosen[name]) parameters.append(name, value);
  if (place.yearFrom !== null) parameters.set('from', String(place.yearFrom));
  if (place.yearTo !== null) parameters.set('to', String(place.yearTo));
  if (place.reuse !== 'ANY') parameters.set('reuse', place.reuse);
  if (place.view === 'articles') parameters.set('view', 'articles');
  if (place.sort !== 'NEWEST') parameters.set('sort', place.sort.toLowerCase());
  if (place.figureId !== null) parameters.set('figure', place.figureId);
  const query = parameters.toString();
  return query === '' ? '/' : `/?${query}`;
}

function toScroll(state: unknown): number {
  const isKept = typeof state === 'object' && state !== null && 'scroll' in state && typeof state.scroll === 'number';
  return isKept ? (state as { scroll: number }).scroll : 0;
}

/** How many frames of the browser the results are given to be laid out again. */
const maxFrames = 120;

/** Scrolls as soon as the page is long enough. */
function scrollBackTo(scroll: number, frames: number): void {
  requestAnimationFrame(() => {
    scrollTo(0, scroll);
    if (Math.abs(scrollY - scroll) > 1 && frames > 0) scrollBackTo(scroll, frames - 1);
  });
}

/** The place, and the way to go to another one; Back and Forward work. */
export function usePlace(): [Place, (next: Place) => void] {
  const [place, setPlace] = useState(read);
  useEffect(() => {
    // The browser would scroll before the results are there.
    history.scrollRestoration = 'manual';
    const follow = (event: PopStateEvent): void => {
      setPlace(read());
      scrollBackTo(toScroll(event.state), maxFrames);
    };
    addEventListener('popstate', follow);
    return () => {
      removeEventListener('popstate', follow);
    };
  }, []);
  return [
    place,
    (next) => {
      // Back returns to where the reader was.
      history.replaceState({ scroll: scrollY }, '');
      const address = toAddress(next);
      // A search that is repeated is no other place.
      if (address !== location.pathname + location.search) history.pushState(null, '', address);
      setPlace(next);
      scrollTo(0, 0);
    },
  ];
}
