import sharp from 'sharp';

/** Of 255: the picture shows through the inside, the border is solid. */
const [insideAlpha, borderAlpha] = [110, 255];

/**
 * A mask (1 inside) → a PNG with alpha in one colour, its border drawn inside it.
 * @param colour red, green, blue, 0..255
 */
export async function overlayPng(
  mask: { readonly width: number; readonly height: number; readonly data: Uint8Array },
  colour: readonly [number, number, number],
): Promise<Buffer> {
  const { width, height, data } = mask;
  const pixels = new Uint8Array(data.length * 4);
  for (let at = 0; at < data.length; at++) {
    if (data[at] === 0) continue;
    const x = at % width;
    const isInner =
      data[at - width] === 1 &&
      data[at + width] === 1 &&
      x > 0 &&
      data[at - 1] === 1 &&
      x < width - 1 &&
      data[at + 1] === 1;
    pixels.set(colour, 4 * at);
    pixels[4 * at + 3] = isInner ? insideAlpha : borderAlpha;
  }
  return sharp(pixels, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
}
