import { SeededRandom } from '../domain/seeded-random.js';

// Looked up once: inside a test runner's VM context every access to a global is slow, and these run for every pixel.
const { floor, imul } = Math;

/** Seeded choices: the same name gives the same drawing. */
export class Random extends SeededRandom {
  /** A generator of its own, untouched by how much of this one was used. */
  fork(part: string): Random {
    return new Random(`${this.name}/${part}`);
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.unit();
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + floor(this.unit() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[floor(this.unit() * choices.length)] ?? choices[0];
  }

  /** Close to a normal distribution of mean 0 and deviation 1 (sum of four uniforms). */
  normal(): number {
    return (this.unit() + this.unit() + this.unit() + this.unit() - 2) * 1.732;
  }

  shuffled<T>(items: readonly T[]): T[] {
    const keyed = items.map((item) => ({ item, key: this.unit() }));
    return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
  }
}

/** Smooth noise in about [-1, 1]: value noise summed over octaves; `scale` is the size of the largest lumps in pixels. */
export function noiseField(random: Random, scale: number, octaves = 3): (x: number, y: number) => number {
  const salt = floor(random.unit() * 4294967296);
  return (x, y) => {
    let sum = 0;
    let weight = 1;
    let total = 0;
    for (let octave = 0; octave < octaves; octave++) {
      const zoom = 2 ** octave / scale;
      sum += weight * lattice(x * zoom, y * zoom, salt + octave * 977);
      total += weight;
      weight *= 0.5;
    }
    return (sum / total) * 1.6;
  };
}

function lattice(x: number, y: number, salt: number): number {
  const left = floor(x);
  const top = floor(y);
  const fx = x - left;
  const fy = y - top;
  const u = fx * fx * (3 - 2 * fx);
  const v = fy * fy * (3 - 2 * fy);
  const above = corner(left, top, salt) * (1 - u) + corner(left + 1, top, salt) * u;
  const below = corner(left, top + 1, salt) * (1 - u) + corner(left + 1, top + 1, salt) * u;
  return above * (1 - v) + below * v;
}

function corner(x: number, y: number, salt: number): number {
  let h = imul(x, 0x27d4eb2d) ^ imul(y, 0x165667b1) ^ salt;
  h = imul(h ^ (h >>> 15), 0x85ebca6b);
  h = imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2147483648 - 1;
}
