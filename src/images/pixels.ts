/** Pixel arithmetic that equals Pillow's, value by value. */

/** a·b/255 rounded, by shifts, as Pillow's MULDIV255 (libImaging/ImagingUtils.h). */
function mulDiv255(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

/** One channel → three equal ones. */
export function spreadGrey(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  for (let i = 0; i < grey.length; i++) rgb.fill(grey[i] ?? 0, 3 * i, 3 * i + 3);
  return rgb;
}

/**
 * Lays pixels with alpha on white.
 * @param samples interleaved, `colours` channels and one alpha channel
 * @returns interleaved, `colours` channels
 */
export function overWhite(samples: Uint8Array, colours: 1 | 3): Uint8Array {
  const pixels = samples.length / (colours + 1);
  const out = new Uint8Array(pixels * colours);
  for (let i = 0; i < pixels; i++) {
    const alpha = samples[i * (colours + 1) + colours] ?? 255;
    for (let c = 0; c < colours; c++) {
      const value = samples[i * (colours + 1) + c] ?? 0;
      out[i * colours + c] = blendOnWhite(value, alpha);
    }
  }
  return out;
}

/** Leaves the alpha channel out. @param samples as in `overWhite` @returns interleaved, `colours` channels */
export function withoutAlpha(samples: Uint8Array, colours: 1 | 3): Uint8Array {
  const pixels = samples.length / (colours + 1);
  const out = new Uint8Array(pixels * colours);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < colours; c++) out[i * colours + c] = samples[i * (colours + 1) + c] ?? 0;
  }
  return out;
}

// Image.alpha_composite over an opaque white page: 7 extra bits, then rounded (libImaging/AlphaComposite.c).
function blendOnWhite(value: number, alpha: number): number {
  const weight = Math.floor((alpha * 255 * 255 * 128) / (255 * 255));
  const sum = value * weight + 255 * (255 * 128 - weight) + (0x80 << 7);
  return (((sum >> 8) + sum) >> 8) >> 7;
}

/** CMYK (0 = no ink) → RGB as Pillow's cmyk2rgb (libImaging/Convert.c). */
export function inkToRgb(ink: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((ink.length / 4) * 3);
  for (let pixel = 0; pixel < ink.length / 4; pixel++) {
    const light = 255 - (ink[4 * pixel + 3] ?? 0);
    for (let c = 0; c < 3; c++) {
      rgb[3 * pixel + c] = Math.max(0, light - mulDiv255(ink[4 * pixel + c] ?? 0, light));
    }
  }
  return rgb;
}
