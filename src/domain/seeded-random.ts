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

// Mulberry32: one state word, good enough for drawings and resampling, and the same numbers on every machine.
function mulberry32(seed: number): Source {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Random numbers that are the same for the same name, on every machine. */
export class SeededRandom {
  private readonly source: Source;

  constructor(protected readonly name: string) {
    this.source = mulberry32(hashOf(name));
  }

  /** A number in [0, 1). */
  unit(): number {
    return this.source();
  }

  /** A whole number from 0 to `count` - 1. */
  index(count: number): number {
    return floor(this.source() * count);
  }

  /** At most `count` of the items, each once, in random order. */
  sample<Item>(from: readonly Item[], count: number): readonly Item[] {
    const rest = [...from];
    const taken: Item[] = [];
    while (taken.length < count && rest.length > 0) taken.push(...rest.splice(this.index(rest.length), 1));
    return taken;
  }
}
