import { evenlyChosen } from '../../../domain/evenly-chosen.js';

/** A film or a volume becomes no more figures than this. */
const maxFigures = 16;

/** The frames of a file that become figures: numbers from 0. */
export function framesToShow(frames: number): readonly number[] {
  return evenlyChosen(frames, maxFigures);
}
