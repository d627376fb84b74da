import type { FigureFilter, SearchInput, TermInput } from './generated/operations';
import type { Place, PlaceTerm } from './view-state';

/** What is asked; null where there is nothing to search for yet. */
export function toQuery({ text, terms }: Place): SearchInput | null {
  const words: readonly TermInput[] = text.trim() === '' ? [] : [{ text, weight: 1 }];
  const all = [...words, ...terms.map(toTermInput)];
  return all.some(({ weight }) => (weight ?? 1) > 0) ? { terms: all } : null;
}

function toTermInput({ kind, value, weight }: PlaceTerm): TermInput {
  switch (kind) {
    case 'text':
      return { text: value, weight };
    case 'upload':
      return { image: { uploadId: value }, weight };
    case 'figure':
      return { image: { figureId: value }, weight };
    case 'mask':
      return { image: { maskId: value }, weight };
  }
}

/** Which figures may be found; null for all. */
export function toFilter({ chosen, yearFrom, yearTo, reuse }: Place): FigureFilter | null {
  const filter: FigureFilter = {
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
