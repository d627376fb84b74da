// Looked up once: inside a test runner's VM context every access to a global is slow, and these run for every pixel.
const { floor, imul } = Math;

/** A number in [0, 1) on each call. */
type Source = () => number;

/** 32 bits of a text (FNV-1a), to seed a generator with a name. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

// Mulberry32: one state word, good enough for drawings, and the same numbers on every machine.
function mulberry32(seed: number): Source {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Seeded choices: the same name gives the same drawing. */
export class Random {
  private readonly source: Source;

  constructor(private readonly name: string) {
    this.source = mulberry32(hashOf(name));
  }

  /** A generator of its own, untouched by how much of this one was used. */
  fork(part: string): Random {
    return new Random(`${this.name}/${part}`);
  }

  unit(): number {
    return this.source();
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.source();
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + floor(this.source() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.source() < probability;
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[floor(this.source() * choices.length)] ?? choices[0];
  }

  /** Close to a normal distribution of mean 0 and deviation 1 (sum of four uniforms). */
  normal(): number {
    return (this.source() + this.source() + this.source() + this.source() - 2) * 1.732;
  }

  shuffled<T>(items: readonly T[]): T[] {
    const keyed = items.map((item) => ({ item, key: this.source() }));
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
