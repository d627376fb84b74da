import { FigseekError } from '../../../domain/errors.js';
import type { Mask, MaskMeasures } from '../../../domain/mask.js';
import { regionAround } from '../../../imaging/masks/mask-region.js';
import type { Loaders } from '../search/loaders.js';
import type { ImageInput, SearchInput } from '../search/search.inputs.js';

/**
 * A query with each of its masks as the part of a panel that it outlines.
 * @throws {FigseekError} NOT_FOUND for a mask that is not there, or whose figure is not as it was; CONFLICT for one that
 *   is not READY; BAD_USER_INPUT for an empty one, and for a region of one
 */
export async function resolveMaskRegions(query: SearchInput, loaders: Loaders): Promise<SearchInput> {
  const image = await located(query.image, loaders);
  const terms = (query.terms ?? []).map(async (term) => ({ ...term, image: await located(term.image, loaders) }));
  return { ...query, image, terms: await Promise.all(terms) };
}

async function located(image: ImageInput | null | undefined, loaders: Loaders): Promise<ImageInput | null> {
  if (image?.maskId == null) return image ?? null;
  const { maskId, region, ...others } = image;
  // More than one source: refused with all the others.
  if (Object.values(others).some((value) => value != null)) return image;
  if (region != null) {
    throw new FigseekError(
      'BAD_USER_INPUT',
      'Expected no region of a mask, which is a region itself, but received one',
    );
  }
  const mask = await loaders.mask.load(maskId);
  const panel = mask && (await loaders.panel.load(mask.panelId));
  if (mask === null || panel === null) {
    const given = maskId.slice(0, 80);
    throw new FigseekError('NOT_FOUND', `There is no mask ${given}, or its figure is gone or has another picture now`);
  }
  return { panelId: panel.id, region: regionAround(drawnParts(mask), panel.box) };
}

function drawnParts({ id, outcome, prompt }: Mask): MaskMeasures['boxes'] {
  if (outcome === null) {
    throw new FigseekError('CONFLICT', `The mask ${id} is still being made; search by it once its status is READY`);
  }
  if (outcome.status === 'FAILED') {
    throw new FigseekError('CONFLICT', `The mask ${id} could not be made: ${outcome.error}`);
  }
  const { boxes } = outcome.measures;
  if (boxes.length > 0) return boxes;
  throw new FigseekError('BAD_USER_INPUT', `The mask ${id} is empty: “${prompt}” was not found, so nothing is like it`);
}
