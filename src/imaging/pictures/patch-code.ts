/**
 * The code of a square patch: its low frequencies by the discrete cosine transform, of which the signs are a hash, as in
 * Zauner, “Implementation and Benchmarking of Perceptual Image Hash Functions”, 2010. Brightness and contrast do not change
 * the signs. A patch that is mirrored or turned by 90° has the same frequencies with other signs in another order, so that
 * all eight positions of a patch are known from one code.
 */

/** Samples along one side of a patch. */
export const patchSide = 16;

/** Frequencies along x and y of each number of a code, lowest first. */
const frequencies: readonly (readonly [u: number, v: number])[] = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((sum) =>
  Array.from({ length: sum + 1 }, (_, v) => [sum - v, v] as const),
);

/** Numbers of a code. */
export const codeLength = frequencies.length;
/** Leading bits of a hash, by which hashes are found: all others are compared. */
const prefixBits = 24;
const restBits = codeLength - prefixBits;
export const prefixStep = 2 ** restBits;

const cosines = Float32Array.from({ length: 9 * patchSide }, (_, i) =>
  Math.cos((Math.PI * Math.floor(i / patchSide) * (2 * (i % patchSide) + 1)) / (2 * patchSide)),
);

/** Numbers of −127..127: roots of the share of the greatest frequency, with its sign. */
export type PatchCode = Int8Array;

/** Frequencies of at least this share of the greatest one say something; fewer of them than that, and the patch is too simple. */
const leastShare = 0.04;

export interface CodedPatch {
  readonly code: PatchCode;
  /** How many of the frequencies are strong. */
  readonly richness: number;
}

/** @param samples [patchSide, patchSide] brightness, 0..255 */
export function encodePatch(samples: Float32Array): CodedPatch {
  const byRow = new Float32Array(patchSide * 9);
  for (let y = 0; y < patchSide; y++) {
    for (let u = 0; u < 9; u++) {
      let sum = 0;
      for (let x = 0; x < patchSide; x++) sum += (cosines[u * patchSide + x] ?? 0) * (samples[y * patchSide + x] ?? 0);
      byRow[y * 9 + u] = sum;
    }
  }
  const values = frequencies.map(([u, v]) => {
    let sum = 0;
    for (let y = 0; y < patchSide; y++) sum += (cosines[v * patchSide + y] ?? 0) * (byRow[y * 9 + u] ?? 0);
    // The orthonormal transform weighs a frequency of zero less.
    return u === 0 || v === 0 ? sum * Math.SQRT1_2 : sum;
  });
  const greatest = Math.max(1e-6, ...values.map(Math.abs));
  const code = Int8Array.from(values, (value) =>
    Math.round(127 * Math.sign(value) * Math.sqrt(Math.abs(value) / greatest)),
  );
  return { code, richness: values.filter((value) => Math.abs(value) >= leastShare * greatest).length };
}

/** The eight positions of a picture: mirrored left to right (1), upside down (2), rows and columns exchanged (4), in this order. */
export type Position = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;
export const positions: readonly Position[] = [0, 1, 2, 3, 4, 5, 6, 7];

const placeOf = new Map(frequencies.map(([u, v], place) => [16 * u + v, place]));
const transposed = frequencies.map(([u, v]) => placeOf.get(16 * v + u) ?? 0);

/** The code that the patch has in another position. */
export function repositioned(code: PatchCode, position: Position): PatchCode {
  if (position === 0) return code;
  const flipped = code.map((value, place) => {
    const [u, v] = frequencies[place] ?? [0, 0];
    const turns = ((position & 1) !== 0 ? u : 0) + ((position & 2) !== 0 ? v : 0);
    return turns % 2 === 0 ? value : -value;
  });
  return (position & 4) === 0 ? flipped : flipped.map((_, place) => flipped[transposed[place] ?? 0] ?? 0);
}

/** A whole number of `codeLength` bits, at most 2^44: the signs, lowest frequency first. */
export function hashOf(code: PatchCode): number {
  let hash = 0;
  for (const value of code) hash = 2 * hash + (value > 0 ? 1 : 0);
  return hash;
}

/** How many bits of two hashes differ. */
export function hammingDistance(a: number, b: number): number {
  return onesOf(Math.floor(a / prefixStep) ^ Math.floor(b / prefixStep)) + onesOf((a % prefixStep) ^ (b % prefixStep));
}

function onesOf(bits: number): number {
  let value = bits - ((bits >>> 1) & 0x55555555);
  value = (value & 0x33333333) + ((value >>> 2) & 0x33333333);
  return Math.imul((value + (value >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Prefixes under which a copy may stand: that of the code, and those with any of its weakest signs turned. */
export function probesOf(code: PatchCode, weakest: number): readonly number[] {
  const prefix = Math.floor(hashOf(code) / prefixStep);
  const byStrength = Array.from({ length: prefixBits }, (_, bit) => bit).sort(
    (a, b) => Math.abs(code[a] ?? 0) - Math.abs(code[b] ?? 0),
  );
  let probes = [prefix];
  for (const bit of byStrength.slice(0, weakest)) {
    probes = [...probes, ...probes.map((probe) => probe ^ (1 << (prefixBits - 1 - bit)))];
  }
  return probes;
}
