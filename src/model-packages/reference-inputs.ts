import type { DualEncoder } from '../domain/dual-encoder.js';

/** Inputs made by code, the same for ever: what is kept of them can be compared after years. */
export interface GoldenInputs {
  /** uint8 [size, size, 3] each */
  readonly images: readonly Uint8Array[];
  /** Token ids, of different lengths. */
  readonly texts: readonly Int32Array[];
}

type Pattern = (x: number, y: number, channel: number, size: number) => number;

const patterns: readonly Pattern[] = [
  () => 255,
  (x, y, channel, size) => (255 * (channel === 0 ? x : channel === 1 ? y : size - x)) / size,
  (x, y) => (((x >> 4) + (y >> 4)) % 2 === 0 ? 230 : 20),
  (x, y, channel, size) => (Math.hypot(x - size / 2, y - size / 3) < size / 5 ? 40 + 60 * channel : 200),
  (x, y, channel) => noise(3 * (y * 65_536 + x) + channel),
];

const sentence =
  'Axial contrast-enhanced CT of the chest shows a spiculated mass in the left upper lobe (arrow) and pleural effusion. ';
const texts = ['', 'brain MRI', sentence, sentence.repeat(40)];

export function goldenInputs(model: DualEncoder): GoldenInputs {
  return {
    images: patterns.map((pattern) => draw(pattern, model.preparation.size)),
    texts: texts.map((text) => model.tokenize(text)),
  };
}

function draw(pattern: Pattern, size: number): Uint8Array {
  const pixels = new Uint8Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      for (let c = 0; c < 3; c++) pixels[(y * size + x) * 3 + c] = Math.floor(pattern(x, y, c, size));
    }
  }
  return pixels;
}

/** A byte that looks random: murmur3's last mixing of a counter. */
function noise(counter: number): number {
  let h = Math.imul(counter, 0x9e3779b9);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 24;
}
