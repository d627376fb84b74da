const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** float32 → IEEE 754 binary16, rounded half to even; past 65504 it becomes infinity. */
export function encodeFloat16(values: Float32Array): Uint16Array {
  const out = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = halfBits(values[i] ?? 0);
  return out;
}

function halfBits(value: number): number {
  float[0] = value;
  const word = bits[0] ?? 0;
  const sign = (word >>> 16) & 0x8000;
  const exponent = (word >>> 23) & 0xff;
  const fraction = word & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  const shifted = exponent - 127 + 15;
  if (shifted >= 31) return sign | 0x7c00;
  if (shifted <= 0) return sign | rounded((fraction | 0x800000) >>> 0, 14 - shifted);
  // A carry out of the fraction raises the exponent, which is the right result.
  return sign | ((shifted << 10) + rounded(fraction, 13));
}

function rounded(fraction: number, shift: number): number {
  if (shift > 24) return 0;
  const kept = fraction >>> shift;
  const rest = fraction & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}
