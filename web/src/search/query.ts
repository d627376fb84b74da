import type { FigureFilter, ImageInput, SearchInput, TermInput } from '../generated/operations';
import type { Place, PlaceTerm } from '../place';

/** What is asked; null where there is nothing to search for yet. */
export function toQuery({ text, terms, channels, exact, showCopies }: Place): SearchInput | null {
  const words: readonly TermInput[] = text.trim() === '' ? [] : [{ text, weight: 1 }];
  const all = [...words, ...terms.map(toTermInput)];
  if (!all.some(({ weight }) => (weight ?? 1) > 0)) return null;
  return {
    terms: all,
    ...(channels.length === 0 ? {} : { channels }),
    ...(exact ? { exact } : {}),
    ...(showCopies ? { collapseDuplicates: false } : {}),
  };
}

/** What the map shows: a collection or what a filter allows; of a search all figures, among which its hits stand out. */
export function toAtlasScope(place: Place) {
  const query = toQuery(place);
  if (query !== null) return { collectionId: null, filter: null, search: { query, filter: toFilter(place) } };
  const { collectionId } = place;
  return { collectionId, filter: toFilter({ ...place, collectionId: null }), search: null };
}

/** What a query is made of: it decides how the evidence of a hit is put into words. */
export type QueryKind = 'words' | 'image' | 'both';

export function kindOfQuery({ text, terms }: Place): QueryKind {
  const hasImage = terms.some(({ kind, weight }) => kind !== 'text' && weight > 0);
  const hasWords = text.trim() !== '' || terms.some(({ kind, weight }) => kind === 'text' && weight > 0);
  if (!hasImage) return 'words';
  return hasWords ? 'both' : 'image';
}

function toTermInput({ kind, value, weight, region }: PlaceTerm): TermInput {
  if (kind === 'text') return { text: value, weight };
  return { image: { ...toImageInput(kind, value), ...(region === undefined ? {} : { region }) }, weight };
}

function toImageInput(kind: Exclude<PlaceTerm['kind'], 'text'>, id: string): ImageInput {
  switch (kind) {
    case 'upload':
      return { uploadId: id };
    case 'figure':
      return { figureId: id };
    case 'panel':
      return { panelId: id };
    case 'mask':
      return { maskId: id };
  }
}

/** Which figures may be found; null for all. */
export function toFilter({ chosen, yearFrom, yearTo, reuse, collectionId }: Place): FigureFilter | null {
  const filter: FigureFilter = {
    ...(collectionId === null ? {} : { collectionId }),
    ...(chosen.modality.length > 0 ? { modalities: [...chosen.modality] } : {}),
    ...(chosen.figureType.length > 0 ? { figureTypes: [...chosen.figureType] } : {}),
    ...(chosen.predictedModality.length > 0 ? { predictedModalities: [...chosen.predictedModality] } : {}),
    ...(chosen.license.length > 0 ? { licenses: [...chosen.license] } : {}),
    ...(chosen.journal.length > 0 ? { journals: [...chosen.journal] } : {}),
    ...(chosen.label.length > 0 ? { labels: [...chosen.label] } : {}),
    ...(chosen.year.length > 0 ? { years: chosen.year.map(Number) } : {}),
    // With a mask or without one: both together choose nothing.
    ...(chosen.hasAnyMask.length === 1 ? { hasAnyMask: chosen.hasAnyMask[0] === 'true' } : {}),
    ...(yearFrom === null ? {} : { yearFrom }),
    ...(yearTo === null ? {} : { yearTo }),
    ...(reuse === 'ANY' ? {} : { reuse }),
  };
  return Object.keys(filter).length === 0 ? null : filter;
}
