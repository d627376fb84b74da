import type { PanelSplit, PanelSuggestion } from '../../domain/found-panel.js';
import type { RawImage } from '../../domain/raw-image.js';
import { captionParts, type CaptionPart } from '../../domain/text/caption-parts.js';
import { columnLengthOf, labelPanels, suggestionOf } from './align-panels.js';
import type { InkMap } from './gutters.js';
import { mapInk } from './ink.js';
import { inReadingOrder } from './reading-order.js';
import { splitPanels } from './split-panels.js';

/** A suggestion has at most this many panels fewer than the caption has parts: one with less of them helps nobody. */
const mostMissing = 3;

/**
 * The panels of a compound figure: its image is cut into as many parts as its caption has, where empty bands allow it.
 * @returns no panels where the caption has no parts, or the image cannot be cut into as many: the figure stays whole. Where
 *   it can be cut into somewhat fewer, these are a suggestion.
 */
export function findPanels(image: RawImage, caption: string): PanelSplit {
  const parts = captionParts(caption);
  const nothing: PanelSplit = { origin: 'RULES', panels: [], suggestion: null };
  if (parts.length < 2) return nothing;
  const ink = mapInk(image);
  const regions = splitPanels(ink, parts.length);
  if (regions === 'texture') return nothing;
  if (regions === 'no bands') return { ...nothing, suggestion: suggest(ink, parts) };
  const boxes = inReadingOrder(regions, columnLengthOf(parts));
  return { ...nothing, panels: labelPanels(boxes, parts) };
}

/** As many panels as the bands allow. */
function suggest(ink: InkMap, parts: readonly CaptionPart[]): PanelSuggestion | null {
  const fewest = Math.max(2, parts.length - mostMissing);
  for (let count = parts.length - 1; count >= fewest; count--) {
    const regions = splitPanels(ink, count);
    if (typeof regions !== 'string') return suggestionOf(inReadingOrder(regions, null), parts, 'RULES');
  }
  return null;
}
