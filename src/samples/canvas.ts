import type { RawImage } from '../domain/raw-image.js';
import { glyphOf, glyphWidth } from './font.js';
import type { Random } from './random.js';
import { type Point, type Shape, stroke } from './shapes.js';

// Looked up once: inside a test runner's VM context every access to a global is slow, and these run for every pixel.
const { ceil, floor, max, min, round } = Math;

export type Color = readonly [red: number, green: number, blue: number];

export const black: Color = [0, 0, 0];
export const white: Color = [255, 255, 255];

export function gray(level: number): Color {
  return [level, level, level];
}

/** Between two colors: `part` 0 is `a`, 1 is `b`. */
export function mixed(a: Color, b: Color, part: number): Color {
  return [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part, a[2] + (b[2] - a[2]) * part];
}

export interface FillOptions {
  /** Width of the edge in pixels: 1 is a sharp antialiased edge, more a soft one. */
  readonly soft?: number;
  readonly alpha?: number;
}

/** A picture while it is drawn: float RGB, so that many soft layers do not band. */
export class Canvas {
  private data: Float32Array;

  constructor(
    readonly width: number,
    readonly height: number,
    background: Color = black,
  ) {
    this.data = new Float32Array(width * height * 3);
    for (let i = 0; i < this.data.length; i++) this.data[i] = background[i % 3] ?? 0;
  }

  fill(shape: Shape, color: Color, { soft = 1, alpha = 1 }: FillOptions = {}): void {
    this.cover(shape, soft, (offset, cover) => {
      this.blend(offset, color, cover * alpha);
    });
  }

  /** Fills with a color that depends on the place. */
  texture(shape: Shape, colorAt: (x: number, y: number) => Color, { soft = 1, alpha = 1 }: FillOptions = {}): void {
    this.cover(shape, soft, (offset, cover, x, y) => {
      this.blend(offset, colorAt(x, y), cover * alpha);
    });
  }

  /** Adds light (or takes it away, when negative), as overlapping tissue does on a film. */
  add(shape: Shape, light: number, soft = 1): void {
    this.cover(shape, soft, (offset, cover) => {
      for (let channel = 0; channel < 3; channel++) {
        this.data[offset + channel] = (this.data[offset + channel] ?? 0) + light * cover;
      }
    });
  }

  line(from: Point, to: Point, color: Color, width = 1.4): void {
    this.fill(stroke(from, to, width), color);
  }

  path(points: readonly Point[], color: Color, width = 1.4): void {
    points.slice(1).forEach((point, i) => {
      this.line(points[i] ?? point, point, color, width);
    });
  }

  /** Every pixel through one function. */
  shade(level: (value: number, x: number, y: number, channel: number) => number): void {
    for (let i = 0; i < this.data.length; i++) {
      const pixel = floor(i / 3);
      this.data[i] = level(this.data[i] ?? 0, pixel % this.width, floor(pixel / this.width), i % 3);
    }
  }

  /** Sensor noise: `amount` gray levels; colored noise differs between the channels. */
  grain(random: Random, amount: number, colored = false): void {
    let same = 0;
    this.shade((value, _x, _y, channel) => {
      if (colored || channel === 0) same = random.normal() * amount;
      return value + same;
    });
  }

  /** Box blur in both directions, twice: close to a Gaussian. */
  blur(radius: number): void {
    for (let pass = 0; pass < 2; pass++) {
      this.blurAlong(3, this.width, this.width * 3, this.height, radius);
      this.blurAlong(this.width * 3, this.height, 3, this.width, radius);
    }
  }

  /** Text in the built-in font; returns its width. `at` is the upper left corner. */
  text(text: string, [left, top]: Point, color: Color, scale = 1): number {
    let x = left;
    for (const letter of text) {
      glyphOf(letter).forEach((row, r) => {
        for (let column = 0; column < glyphWidth; column++) {
          if ((row >> (glyphWidth - 1 - column)) & 1) this.block(x + column * scale, top + r * scale, scale, color);
        }
      });
      x += (glyphWidth + 1) * scale;
    }
    return x - left;
  }

  centered(text: string, [x, y]: Point, color: Color, scale = 1): void {
    this.text(text, [round(x - (text.length * (glyphWidth + 1) * scale) / 2), round(y)], color, scale);
  }

  /** Text that reads upwards, for the vertical axis; `at` is its lower left corner. */
  upwards(text: string, [left, bottom]: Point, color: Color): void {
    [...text].forEach((letter, i) => {
      glyphOf(letter).forEach((row, r) => {
        for (let column = 0; column < glyphWidth; column++) {
          if ((row >> (glyphWidth - 1 - column)) & 1) {
            this.block(left + r, bottom - i * (glyphWidth + 1) - column, 1, color);
          }
        }
      });
    });
  }

  /** Draws an image into a rectangle, each pixel the mean of what it covers. */
  place(image: RawImage, left: number, top: number, width: number, height: number): void {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const color = meanOf(image, x / width, y / height, (x + 1) / width, (y + 1) / height);
        this.blend(((top + y) * this.width + left + x) * 3, color, 1);
      }
    }
  }

  /** 255 where the shape covers more than half of the pixel. */
  maskOf(shape: Shape): Uint8Array {
    const mask = new Uint8Array(this.width * this.height);
    for (const part of shape.parts ?? [shape]) {
      this.cover(part, 1, (offset, cover) => {
        if (cover >= 0.5) mask[offset / 3] = 255;
      });
    }
    return mask;
  }

  toImage(): RawImage {
    const data = new Uint8Array(this.data.length);
    this.data.forEach((value, i) => (data[i] = min(255, max(0, round(value)))));
    return { width: this.width, height: this.height, data };
  }

  private cover(
    shape: Shape,
    soft: number,
    paint: (offset: number, cover: number, x: number, y: number) => void,
  ): void {
    const [left, top, right, bottom] = shape.box;
    const lastX = min(this.width - 1, ceil(right + soft));
    const lastY = min(this.height - 1, ceil(bottom + soft));
    for (let y = max(0, floor(top - soft)); y <= lastY; y++) {
      for (let x = max(0, floor(left - soft)); x <= lastX; x++) {
        const inside = 0.5 - shape.distance(x + 0.5, y + 0.5) / soft;
        if (inside <= 0) continue;
        const cover = inside >= 1 ? 1 : soft > 2 ? inside * inside * (3 - 2 * inside) : inside;
        paint((y * this.width + x) * 3, cover, x, y);
      }
    }
  }

  private blend(offset: number, color: Color, part: number): void {
    for (let channel = 0; channel < 3; channel++) {
      const old = this.data[offset + channel] ?? 0;
      this.data[offset + channel] = old + ((color[channel] ?? 0) - old) * part;
    }
  }

  private block(left: number, top: number, size: number, color: Color): void {
    for (let y = round(top); y < round(top + size); y++) {
      for (let x = round(left); x < round(left + size); x++) {
        if (x >= 0 && y >= 0 && x < this.width && y < this.height) this.blend((y * this.width + x) * 3, color, 1);
      }
    }
  }

  private blurAlong(step: number, length: number, lineStep: number, lines: number, radius: number): void {
    const out = new Float32Array(this.data.length);
    for (let line = 0; line < lines; line++) {
      for (let channel = 0; channel < 3; channel++) {
        const start = line * lineStep + channel;
        const at = (i: number): number => this.data[start + min(length - 1, max(0, i)) * step] ?? 0;
        let sum = 0;
        for (let i = -radius; i <= radius; i++) sum += at(i);
        for (let i = 0; i < length; i++) {
          out[start + i * step] = sum / (2 * radius + 1);
          sum += at(i + radius + 1) - at(i - radius);
        }
      }
    }
    this.data = out;
  }
}

function meanOf(image: RawImage, left: number, top: number, right: number, bottom: number): Color {
  const sums = [0, 0, 0];
  const x0 = floor(left * image.width);
  const y0 = floor(top * image.height);
  const x1 = max(x0 + 1, floor(right * image.width));
  const y1 = max(y0 + 1, floor(bottom * image.height));
  for (let y = y0; y < y1; y++) {
    for (let x = x0; x < x1; x++) {
      for (let c = 0; c < 3; c++) sums[c] = (sums[c] ?? 0) + (image.data[(y * image.width + x) * 3 + c] ?? 0);
    }
  }
  const count = (x1 - x0) * (y1 - y0);
  return [(sums[0] ?? 0) / count, (sums[1] ?? 0) / count, (sums[2] ?? 0) / count];
}
