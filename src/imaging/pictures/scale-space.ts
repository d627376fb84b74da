import { blur, halve, sampleAt, type GrayImage } from './gray-image.js';

/** A spot that stands out from its surroundings at one scale. Pixels of the image. */
export interface Keypoint {
  readonly x: number;
  readonly y: number;
  /** The blur at which it stands out most. */
  readonly sigma: number;
  readonly strength: number;
}

const levelsOfOctave = 3;
const firstSigma = 1.6;
const step = 2 ** (1 / levelsOfOctave);
const leastSide = 16;
/** Levels of 0..255. */
const leastContrast = 2;
/** Greatest ratio of curvatures: along an edge, a place is not fixed. */
const edgeRatio = 10;

interface Octave {
  /** Pixels of the image for one of this octave. */
  readonly scale: number;
  readonly blurred: readonly GrayImage[];
}

/** An image at growing blurs: Lowe, “Distinctive Image Features from Scale-Invariant Keypoints”, IJCV 2004, section 3. */
export class ScaleSpace {
  private readonly octaves: readonly Octave[];

  constructor(image: GrayImage) {
    const octaves: Octave[] = [];
    let base = blur(image, Math.sqrt(firstSigma ** 2 - 0.25));
    for (let scale = 1; Math.min(base.width, base.height) >= leastSide; scale *= 2) {
      const blurred = [base];
      for (let level = 1; level < levelsOfOctave + 3; level++) {
        const before = firstSigma * step ** (level - 1);
        const last = blurred[level - 1] ?? base;
        blurred.push(blur(last, before * Math.sqrt(step ** 2 - 1)));
      }
      octaves.push({ scale, blurred });
      base = halve(blurred[levelsOfOctave] ?? base);
    }
    this.octaves = octaves;
  }

  /** All keypoints with a blur of at least `leastSigma`, strongest first. */
  keypoints(leastSigma: number): readonly Keypoint[] {
    return this.octaves
      .flatMap((octave) => keypointsOf(octave))
      .filter(({ sigma }) => sigma >= leastSigma)
      .sort((a, b) => b.strength - a.strength);
  }

  /** A square of samples around a place, as blurred as their distance asks. @param reach half its side, in pixels */
  square(x: number, y: number, reach: number, side: number): Float32Array {
    const distance = (2 * reach) / side;
    const { octave, image } = this.levelFor(distance / 2);
    const out = new Float32Array(side * side);
    for (let row = 0; row < side; row++) {
      const top = (y - reach + (row + 0.5) * distance) / octave.scale;
      for (let column = 0; column < side; column++) {
        const left = (x - reach + (column + 0.5) * distance) / octave.scale;
        out[row * side + column] = sampleAt(image, left, top);
      }
    }
    return out;
  }

  /** The level whose blur is next to one, in pixels of the image. */
  private levelFor(sigma: number): { readonly octave: Octave; readonly image: GrayImage } {
    const steps = Math.max(0, Math.round(Math.log(Math.max(sigma, 0.01) / firstSigma) / Math.log(step)));
    const at = Math.min(Math.floor(steps / levelsOfOctave), this.octaves.length - 1);
    const octave = this.octaves[at];
    const image = octave?.blurred[Math.min(steps - at * levelsOfOctave, octave.blurred.length - 1)];
    if (octave === undefined || image === undefined) throw new RangeError('The image has no scale');
    return { octave, image };
  }
}

function keypointsOf({ scale, blurred }: Octave): readonly Keypoint[] {
  const differences = blurred.slice(1).map((image, level) => difference(image, blurred[level] ?? image));
  const found: Keypoint[] = [];
  for (let level = 1; level + 1 < differences.length; level++) {
    const layers = [differences[level - 1], differences[level], differences[level + 1]] as const;
    const [below, here, above] = layers;
    if (below === undefined || here === undefined || above === undefined) continue;
    for (let y = 1; y < here.height - 1; y++) {
      for (let x = 1; x < here.width - 1; x++) {
        const value = here.data[y * here.width + x] ?? 0;
        if (Math.abs(value) < leastContrast || !isExtremum([below, here, above], x, y)) continue;
        const point = refined([below, here, above], x, y);
        if (point === null) continue;
        const sigma = firstSigma * step ** (level + point.ds) * scale;
        found.push({ x: (x + point.dx) * scale, y: (y + point.dy) * scale, sigma, strength: Math.abs(value) });
      }
    }
  }
  return found;
}

function difference(a: GrayImage, b: GrayImage): GrayImage {
  const data = new Float32Array(a.data.length);
  for (let i = 0; i < data.length; i++) data[i] = (a.data[i] ?? 0) - (b.data[i] ?? 0);
  return { ...a, data };
}

type Layers = readonly [below: GrayImage, here: GrayImage, above: GrayImage];

function isExtremum([below, here, above]: Layers, x: number, y: number): boolean {
  const { width, data } = here;
  const place = y * width + x;
  const value = data[place] ?? 0;
  const sign = Math.sign(value);
  // Most pixels end here.
  if (sign * (data[place - 1] ?? 0) >= sign * value || sign * (data[place + 1] ?? 0) >= sign * value) return false;
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const beside = place + dy * width + dx;
      if (beside !== place && sign * (data[beside] ?? 0) >= sign * value) return false;
      if (sign * (below.data[beside] ?? 0) >= sign * value) return false;
      if (sign * (above.data[beside] ?? 0) >= sign * value) return false;
    }
  }
  return true;
}

/** The place between pixels and levels, by a parabola in each direction; null on an edge. */
function refined(layers: Layers, x: number, y: number) {
  const { width, data } = layers[1];
  const at = (dx: number, dy: number): number => data[(y + dy) * width + x + dx] ?? 0;
  const value = at(0, 0);
  const dxx = at(1, 0) + at(-1, 0) - 2 * value;
  const dyy = at(0, 1) + at(0, -1) - 2 * value;
  const dxy = (at(1, 1) - at(-1, 1) - at(1, -1) + at(-1, -1)) / 4;
  const [trace, determinant] = [dxx + dyy, dxx * dyy - dxy * dxy];
  if (determinant <= 0 || trace ** 2 * edgeRatio >= (edgeRatio + 1) ** 2 * determinant) return null;
  const below = layers[0].data[y * width + x] ?? 0;
  const above = layers[2].data[y * width + x] ?? 0;
  return {
    dx: vertex(at(-1, 0), value, at(1, 0)),
    dy: vertex(at(0, -1), value, at(0, 1)),
    ds: vertex(below, value, above),
  };
}

/** Where the parabola through three neighbors turns, −0.5..0.5. */
function vertex(before: number, value: number, after: number): number {
  const curvature = before + after - 2 * value;
  return curvature === 0 ? 0 : Math.min(0.5, Math.max(-0.5, (before - after) / (2 * curvature)));
}
