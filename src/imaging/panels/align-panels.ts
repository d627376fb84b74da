import type { Box } from '../../domain/box.js';
import type { FoundBy, FoundPanel, PanelSplit, PanelSuggestion } from '../../domain/found-panel.js';
import { captionParts, type CaptionPart } from '../../domain/text/caption-parts.js';
import { inReadingOrder } from './reading-order.js';

/** Boxes of panels that a model found overlap a little at their edges: so much of each side is left out when they are ordered. */
const edgeShare = 0.15;

/**
 * Boxes that were found without the caption, beside its parts. Where both agree in number, letters go to the boxes in reading
 * order; else the figure stays whole, and two or more boxes are a suggestion.
 */
export function alignPanels(boxes: readonly Box[], caption: string, origin: FoundBy): PanelSplit {
  const parts = captionParts(caption);
  const nothing: PanelSplit = { origin, panels: [], suggestion: null };
  if (boxes.length < 2) return nothing;
  if (boxes.length === parts.length) return { ...nothing, panels: labelPanels(orderLoosely(boxes, parts), parts) };
  return { ...nothing, suggestion: suggestionOf(orderLoosely(boxes, []), parts, origin) };
}

/** Boxes in reading order, which are not as many as the parts of the caption. */
export function suggestionOf(boxes: readonly Box[], parts: readonly CaptionPart[], origin: FoundBy): PanelSuggestion {
  return { origin, boxes, parts: parts.map(({ label, text }) => ({ label, caption: text })) };
}

/** Gives each part of a caption its box. @param boxes as many as there are parts, in reading order */
export function labelPanels(boxes: readonly Box[], parts: readonly CaptionPart[]): readonly FoundPanel[] {
  return parts.flatMap(({ label, text }, at) => {
    const box = boxes[at];
    return box === undefined ? [] : [{ label, caption: text, box }];
  });
}

/** Captions name columns together: `(A–D) …, (E–H) …, (I–L) …`. */
export function columnLengthOf(parts: readonly CaptionPart[]): number | null {
  const lengths = new Set(parts.map(({ group }) => group.length));
  const [length = 1] = lengths;
  return lengths.size === 1 && length > 1 ? length : null;
}

function orderLoosely(boxes: readonly Box[], parts: readonly CaptionPart[]): readonly Box[] {
  const whole = new Map(boxes.map((box) => [withoutEdges(box), box]));
  return inReadingOrder([...whole.keys()], columnLengthOf(parts)).flatMap((inner) => whole.get(inner) ?? []);
}

function withoutEdges({ x, y, width, height }: Box): Box {
  return {
    x: x + edgeShare * width,
    y: y + edgeShare * height,
    width: (1 - 2 * edgeShare) * width,
    height: (1 - 2 * edgeShare) * height,
  };
}
