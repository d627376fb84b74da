/** Pixel arithmetic that equals Pillow's, value by value. */

/** a·b/255 rounded, by shifts, as Pillow's MULDIV255 (libImaging/ImagingUtils.h). */
function mulDiv255(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

/** One channel → three equal ones. */
export function grayToRgb(gray: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(gray.length * 3);
  for (let i = 0, at = 0; i < gray.length; i++) {
    const value = gray[i] ?? 0;
    rgb[at++] = value;
    rgb[at++] = value;
    rgb[at++] = value;
  }
  return rgb;
}

/**
 * Lays pixels with alpha on white.
 * @param samples interleaved, `colors` channels and one alpha channel
 * @returns interleaved, `colors` channels
 */
export function flattenOnWhite(samples: Uint8Array, colors: 1 | 3): Uint8Array {
  const pixels = samples.length / (colors + 1);
  const out = new Uint8Array(pixels * colors);
  for (let i = 0; i < pixels; i++) {
    const alpha = samples[i * (colors + 1) + colors] ?? 255;
    for (let c = 0; c < colors; c++) {
      const value = samples[i * (colors + 1) + c] ?? 0;
      out[i * colors + c] = blendOnWhite(value, alpha);
    }
  }
  return out;
}

/** Leaves the alpha channel out. @param samples as in `overWhite` @returns interleaved, `colors` channels */
export function dropAlpha(samples: Uint8Array, colors: 1 | 3): Uint8Array {
  const pixels = samples.length / (colors + 1);
  const out = new Uint8Array(pixels * colors);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < colors; c++) out[i * colors + c] = samples[i * (colors + 1) + c] ?? 0;
  }
  return out;
}

/** Premultiplied colors → straight ones, as Pillow's rgba2rgbA (libImaging/Convert.c). @param samples as in `overWhite` */
export function unmultiplied(samples: Uint8Array, colors: 1 | 3): Uint8Array {
  const out = new Uint8Array(samples);
  for (let start = 0; start < out.length; start += colors + 1) {
    const alpha = out[start + colors] ?? 255;
    if (alpha === 0 || alpha === 255) continue;
    for (let c = start; c < start + colors; c++) out[c] = Math.min(255, Math.floor((255 * (out[c] ?? 0)) / alpha));
  }
  return out;
}

/** Full-range YCbCr of JPEG → RGB, with the numbers of ITU-R BT.601, as Pillow's ImagingConvertYCbCr2RGB. */
export function yCbCrToRgb(samples: Uint8Array): Uint8Array {
  const rgb = new Uint8ClampedArray(samples.length);
  for (let at = 0; at < samples.length; at += 3) {
    const [y, blue, red] = [samples[at] ?? 0, (samples[at + 1] ?? 0) - 128, (samples[at + 2] ?? 0) - 128];
    rgb[at] = y + 1.402 * red;
    rgb[at + 1] = y - 0.344_136 * blue - 0.714_136 * red;
    rgb[at + 2] = y + 1.772 * blue;
  }
  return new Uint8Array(rgb.buffer);
}

// Image.alpha_composite over an opaque white page: 7 extra bits, then rounded (libImaging/AlphaComposite.c).
function blendOnWhite(value: number, alpha: number): number {
  const weight = Math.floor((alpha * 255 * 255 * 128) / (255 * 255));
  const sum = value * weight + 255 * (255 * 128 - weight) + (0x80 << 7);
  return (((sum >> 8) + sum) >> 8) >> 7;
}

/** CMYK (0 = no ink) → RGB as Pillow's cmyk2rgb (libImaging/Convert.c). */
export function cmykToRgb(ink: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((ink.length / 4) * 3);
  for (let pixel = 0; pixel < ink.length / 4; pixel++) {
    const light = 255 - (ink[4 * pixel + 3] ?? 0);
    for (let c = 0; c < 3; c++) {
      rgb[3 * pixel + c] = Math.max(0, light - mulDiv255(ink[4 * pixel + c] ?? 0, light));
    }
  }
  return rgb;
}
