import type { FoundPanel } from '../../domain/found-panel.js';
import type { RawImage } from '../../domain/raw-image.js';
import { captionParts, type CaptionPart } from '../../domain/text/caption-parts.js';
import { mapInk } from './ink.js';
import { inReadingOrder } from './reading-order.js';
import { splitPanels } from './split-panels.js';

/**
 * The panels of a compound figure: its image is cut into as many parts as its caption has, where empty bands allow it.
 * @returns null where the caption has no parts, or the image cannot be cut into as many: the figure stays whole
 */
export function findPanels(image: RawImage, caption: string): readonly FoundPanel[] | null {
  const parts = captionParts(caption);
  if (parts.length < 2) return null;
  const regions = splitPanels(mapInk(image), parts.length);
  if (regions === null) return null;
  const ordered = inReadingOrder(regions, columnLengthOf(parts));
  return parts.flatMap(({ label, text }, at) => {
    const box = ordered[at];
    return box === undefined ? [] : [{ label, caption: text, box }];
  });
}

/** Captions name columns together: `(A–D) …, (E–H) …, (I–L) …`. */
function columnLengthOf(parts: readonly CaptionPart[]): number | null {
  const lengths = new Set(parts.map(({ group }) => group.length));
  const [length = 1] = lengths;
  return lengths.size === 1 && length > 1 ? length : null;
}
