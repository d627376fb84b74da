import type { FigureWrite } from '../../src/domain/figure-write.js';
import { drawnFigure, drawnVector } from './drawn-figures.js';

/** Numbers of vectors that stand for groups: no figure has one. */
const firstGroup = 100_000;

/** A unit vector near the direction of a group. */
export function vectorInGroup(group: number, number: number): Float32Array {
  const middle = drawnVector(firstGroup + group);
  const own = drawnVector(number);
  const mixed = middle.map((value, i) => value + 0.3 * (own[i] ?? 0));
  const length = Math.hypot(...mixed);
  return mixed.map((value) => value / length);
}

/** A figure whose image vector is near those of its group. */
export function figureInGroup(group: number, number: number, caption = `caption ${number}`): FigureWrite {
  const drawn = drawnFigure(number);
  return {
    ...drawn,
    figure: { ...drawn.figure, caption },
    embeddings: drawn.embeddings
      .filter(({ kind }) => kind === 'IMAGE')
      .map((one) => ({ ...one, vector: vectorInGroup(group, number) })),
  };
}
