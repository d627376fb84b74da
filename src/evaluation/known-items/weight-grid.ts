import type { Channel } from '../../domain/search.js';

export type AllWeights = Readonly<Record<Channel, number>>;

/** Only the ratios of weights count: that of KEYWORD stays. */
const factors = [0.25, 0.5, 1, 2, 4];
const greatestWeight = 100;

/** The present weights first, then those nearest to them. */
export function weightsBeside(present: AllWeights): readonly AllWeights[] {
  const distance = (factor: number): number => Math.abs(Math.log2(factor));
  const pairs = factors.flatMap((image) => factors.map((caption) => ({ image, caption })));
  return pairs
    .sort((a, b) => distance(a.image) + distance(a.caption) - distance(b.image) - distance(b.caption))
    .map(({ image, caption }) =>
      image === 1 && caption === 1
        ? present
        : { ...present, IMAGE: scaled(present.IMAGE, image), CAPTION: scaled(present.CAPTION, caption) },
    );
}

function scaled(weight: number, factor: number): number {
  return Math.min(greatestWeight, weight * factor);
}
