import type { SeededRandom } from '../../src/domain/seeded-random.js';

/** How many damaged files a test reads: all 10,000 with FIGSEEK_FULL_SIZE=1, else a part that takes seconds. */
export function damagedCount(part: number): number {
  return process.env['FIGSEEK_FULL_SIZE'] === '1' ? 10_000 : part;
}

/** What files suffer: bytes that change, are lost, doubled or moved. @param start bytes before it are spared */
export function damage(bytes: Buffer, random: SeededRandom, start = 0): Buffer {
  const at = (): number => start + random.index(bytes.length - start);
  const [from, to] = [at(), at()].sort((a, b) => a - b) as [number, number];
  switch (random.index(4)) {
    case 0: {
      const changed = Buffer.from(bytes);
      for (let count = 1 + random.index(8); count > 0; count--) changed[at()] = random.index(256);
      return changed;
    }
    case 1:
      return bytes.subarray(0, from);
    case 2:
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
    default:
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  }
}
