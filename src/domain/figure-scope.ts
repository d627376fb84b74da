import type { FigureFilter } from './figure-filter.js';

/** Which figures a search may find, for one state of the corpus. Two with one key allow the same figures. */
export interface FigureScope {
  readonly key: string;
  /** Null where every figure of the corpus is allowed. */
  readonly filter: FigureFilter | null;
  /** Figures with a greater number are left out: they came after the first page of the answer. Null: none is. */
  readonly lastFigure: number | null;
  /** Figures that the filter allows. */
  readonly count: number;
}

/** Whether every figure may be found, so that a search needs no filter. */
export function allowsAll({ filter, lastFigure }: FigureScope): boolean {
  return filter === null && lastFigure === null;
}

/** How many bits of each byte are set. */
const bitsOfByte = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

/** A set of figures by their numbers: one bit a number. */
export class FigureSet {
  private constructor(private readonly bits: Uint8Array) {}

  static of(numbers: ArrayLike<number>): FigureSet {
    let greatest = 0;
    for (let i = 0; i < numbers.length; i++) greatest = Math.max(greatest, numbers[i] ?? 0);
    const bits = new Uint8Array((greatest >> 3) + 1);
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i] ?? 0;
      bits[number >> 3] = (bits[number >> 3] ?? 0) | (1 << (number & 7));
    }
    return new FigureSet(bits);
  }

  /**
   * How many numbers stand in any of some sets.
   * @param among counted are only those that stand in this one, too; null: all
   */
  static countUnion(sets: readonly FigureSet[], among: FigureSet | null): number {
    const union = new Uint8Array(Math.max(0, ...sets.map(({ bits }) => bits.length)));
    for (const { bits } of sets)
      for (let at = 0; at < bits.length; at++) union[at] = (union[at] ?? 0) | (bits[at] ?? 0);
    let count = 0;
    for (let at = 0; at < union.length; at++) {
      const byte = (union[at] ?? 0) & (among === null ? 0xff : (among.bits[at] ?? 0));
      count += bitsOfByte[byte] ?? 0;
    }
    return count;
  }

  has(number: number): boolean {
    return (((this.bits[number >> 3] ?? 0) >> (number & 7)) & 1) === 1;
  }

  /** No number of the set is greater. */
  get bound(): number {
    return this.bits.length * 8;
  }

  /** The next numbers of the set that are greater, least first, at most `count`. */
  above(number: number, count: number): readonly number[] {
    const found: number[] = [];
    for (let next = number + 1; next < this.bound && found.length < count; next++) {
      if (this.has(next)) found.push(next);
    }
    return found;
  }

  /** The next numbers of the set that are less, greatest first, at most `count`. */
  below(number: number, count: number): readonly number[] {
    const found: number[] = [];
    for (let next = Math.min(number, this.bound) - 1; next >= 0 && found.length < count; next--) {
      if (this.has(next)) found.push(next);
    }
    return found;
  }
}
