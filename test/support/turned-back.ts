import type { ListedMatch } from '../../src/ports/picture-store.js';

/** A match as it is seen from the other side. */
export function turnedBack(match: ListedMatch): ListedMatch {
  const { panelId, figureId, other, numbers, boxes, changes } = match;
  const isMirrored = changes.includes('MIRRORED');
  return {
    ...match,
    panelId: other.panelId,
    figureId: other.figureId,
    other: { panelId, figureId },
    numbers: [numbers[1], numbers[0]],
    boxes: [boxes[1], boxes[0]],
    changes: changes.map((change) => {
      if (isMirrored) return change;
      if (change === 'ROTATED_90') return 'ROTATED_270';
      return change === 'ROTATED_270' ? 'ROTATED_90' : change;
    }),
  };
}
