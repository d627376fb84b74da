import sharp from 'sharp';

/** Longest side of the picture; whoever shows it stretches it over the image. */
const longest = 512;
/** From clear over teal to yellow: hues that neither gray radiographs nor pink and purple stains have. */
const [cold, hot] = [
  [0, 150, 140],
  [255, 235, 0],
] as const;
const maxOpacity = 190;

/**
 * A map → a PNG with alpha: what lies under the median is clear, the highest place is brightest.
 * @param map values row by row, of any scale
 */
export async function heatPng(map: {
  readonly columns: number;
  readonly rows: number;
  readonly values: Float32Array;
}): Promise<Buffer> {
  const { columns, rows, values } = map;
  const sorted = values.toSorted();
  const median = sorted[sorted.length >> 1] ?? 0;
  const range = (sorted.at(-1) ?? 0) - median;
  const pixels = new Uint8Array(values.length * 4);
  for (const [i, value] of values.entries()) {
    const heat = range > 0 ? Math.max(0, (value - median) / range) : 0;
    for (const [c, from] of cold.entries()) pixels[4 * i + c] = Math.round(from + ((hot[c] ?? 0) - from) * heat);
    pixels[4 * i + 3] = Math.round(maxOpacity * Math.sqrt(heat));
  }
  const zoom = longest / Math.max(columns, rows);
  return sharp(pixels, { raw: { width: columns, height: rows, channels: 4 } })
    .resize(Math.max(1, Math.round(columns * zoom)), Math.max(1, Math.round(rows * zoom)), { kernel: 'cubic' })
    .png()
    .toBuffer();
}
