import type { ImageInput, SearchInput } from '../search/search.inputs.js';
import type { Loaders } from '../search/loaders.js';
import { locateMask } from '../../../masks/locate-mask.js';

/** A query in which each mask is replaced by the part of a panel that it outlines. @throws {FigseekError} as `locateMask` */
export async function resolveMaskRegions(query: SearchInput, loaders: Loaders): Promise<SearchInput> {
  const image = await resolveMaskRegion(query.image, loaders);
  const terms = (query.terms ?? []).map(async (term) => ({
    ...term,
    image: await resolveMaskRegion(term.image, loaders),
  }));
  return { ...query, image, terms: await Promise.all(terms) };
}

async function resolveMaskRegion(image: ImageInput | null | undefined, loaders: Loaders): Promise<ImageInput | null> {
  if (image?.maskId == null) return image ?? null;
  const { maskId, region, ...others } = image;
  // More than one source is refused with the other errors of the query.
  if (Object.values(others).some((value) => value != null)) return image;
  return locateMask(
    { maskId, region: region ?? null },
    (id) => loaders.mask.load(id),
    (panelId) => loaders.panel.load(panelId),
  );
}
