import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { RawImage } from '../../src/domain/raw-image.js';
import type { BetaParameters } from '../../src/domain/segmenter.js';
import { decodeImage } from '../../src/imaging/decode.js';
import { inside, keptTogether, winners } from '../../src/masks/non-maximum-suppression.js';
import { openCheckpoint } from '../../src/model-import/checkpoint/open-checkpoint.js';
import type { GoldenSet } from './golden-sets.js';

const noValues = new Float32Array();
const maskFeatures = 'sem_seg_head.pixel_decoder.mask_features';

/** Some values of a tensor, by their place in row-major order. */
interface Sampled {
  readonly shape: readonly number[];
  readonly index: readonly number[];
  readonly value: readonly number[];
  readonly abs_max: number;
}

interface Resized {
  readonly size: number;
  readonly sha256: string;
  /** [y, x, red, green, blue] */
  readonly samples: readonly (readonly [number, number, number, number, number])[];
  readonly file?: string;
}

interface PreprocessingCase {
  readonly id: string;
  readonly image: string;
  readonly padded: {
    readonly width: number;
    readonly height: number;
    readonly top: number;
    readonly left: number;
    readonly sha256: string;
  };
  readonly resized: readonly Resized[];
}

interface TokenizationCase {
  readonly text: string;
  readonly ids: readonly number[];
  readonly length: number;
  readonly ids_without_ftfy?: readonly number[];
}

interface PartBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly area: number;
}

export interface EndToEndCase {
  readonly id: string;
  readonly image: string;
  readonly size: number;
  readonly network_input: string;
  readonly prompt: string;
  readonly ids: readonly number[];
  readonly text: { readonly tokens: Sampled; readonly class_emb: Sampled };
  readonly image_maps: Readonly<Record<string, Sampled>>;
  readonly decoder_queries: readonly Sampled[];
  readonly matched_query: number;
  readonly similarity: readonly number[];
  readonly logits: { readonly file: string };
  readonly mask_network_grid: { readonly file: string; readonly area: number };
  readonly mask: {
    readonly file: string;
    readonly width: number;
    readonly height: number;
    readonly area: number;
    readonly undecided: number;
  };
  readonly p_values: readonly {
    readonly image_type: string;
    readonly target: string;
    readonly stats: readonly number[];
    readonly p_value: number;
  }[];
  readonly components: readonly {
    readonly connectivity: 4 | 8;
    readonly count: number;
    readonly largest: readonly PartBox[];
  }[];
}

interface RecognisedTarget {
  readonly target: string;
  readonly area: number;
  readonly p_value: number;
  readonly matched_query: number;
  readonly rejected: boolean;
}

interface RecognisedMask {
  readonly target: string;
  readonly area: number;
  readonly sha256: string;
  readonly mask: string;
}

export interface RecognitionCase {
  readonly id: string;
  readonly network_input: string;
  readonly probabilities: string;
  readonly image_type: string;
  readonly p_value_threshold: number;
  readonly targets: readonly RecognisedTarget[];
  readonly after_nms: readonly string[];
  readonly final: readonly RecognisedMask[];
  readonly combine_without_nms: readonly RecognisedMask[];
}

interface Cases {
  readonly preprocessing: readonly PreprocessingCase[];
  readonly tokenisation: readonly TokenizationCase[];
  readonly tokenisation_special: readonly TokenizationCase[];
  readonly end_to_end: readonly EndToEndCase[];
  readonly recognition: readonly RecognitionCase[];
  readonly beta: readonly {
    readonly a: number;
    readonly b: number;
    readonly x: number;
    readonly cdf: number;
    readonly p: number;
  }[];
  readonly mask_stats_edges: readonly {
    readonly name: string;
    readonly peak: number;
    readonly stats: readonly (number | null)[];
  }[];
}

/** Reads the files of a set, by their names in its folder. */
export class GoldenFiles {
  constructor(private readonly set: GoldenSet) {}

  cases(): Cases {
    return this.json('cases.json') as Cases;
  }

  json(name: string): unknown {
    return JSON.parse(this.text(name)) as unknown;
  }

  text(name: string): string {
    return readFileSync(path.join(this.set.folder, name), 'utf8');
  }

  statistics(imageType: string, target: string): readonly BetaParameters[] {
    const all = this.json('target_dist.json') as Record<string, Record<string, BetaParameters[]>>;
    return all[imageType]?.[target] ?? [];
  }

  /** An image of the set, transparency left out as the official reader does. */
  async image(name: string): Promise<RawImage> {
    return (await decodeImage(readFileSync(path.join(this.set.folder, name)), { alpha: 'left-out' })).image;
  }

  /** A mask file (white inside) as 0 and 1. */
  async mask(name: string): Promise<{ width: number; height: number; data: Uint8Array }> {
    const { width, height, data } = await this.image(name);
    const mask = Uint8Array.from({ length: width * height }, (_, i) => ((data[3 * i] ?? 0) > 0 ? 1 : 0));
    return { width, height, data: mask };
  }

  /** A float32 array as numpy writes it (format 1.0, C order). */
  array(name: string): { readonly shape: readonly number[]; readonly values: Float32Array } {
    const bytes = readFileSync(path.join(this.set.folder, name));
    const start = 10 + bytes.readUInt16LE(8);
    const header = bytes.toString('latin1', 10, start);
    if (!header.includes("'<f4'") || header.includes('True'))
      throw new Error(`${name} is no float32 in C order: ${header}`);
    const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '').split(',').filter((size) => size.trim() !== '');
    const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length));
    return { shape: shape.map(Number), values };
  }

  /** What makes the mask features. */
  async maskKernel(): Promise<Kernel> {
    const checkpoint = await openCheckpoint(path.join(this.set.modelFolder(), 'biomedparse_v1.pt'));
    try {
      const values = async (part: string) =>
        (await checkpoint.tensors.get(`${maskFeatures}.${part}`)?.read()) ?? noValues;
      return { weight: await values('weight'), bias: await values('bias') };
    } finally {
      await checkpoint.close();
    }
  }
}

interface Kernel {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/**
 * As `sampledDifference`, of a convolution of 3 × 3 that no graph makes whole: computed here at the sampled places.
 * @param map [rows, columns, channels]
 */
export function convolvedDifference(
  map: Float32Array,
  { weight, bias }: Kernel,
  { shape, index, value }: Sampled,
): number {
  const [, rows = 0, columns = 0] = shape;
  const channels = map.length / rows / columns;
  const at = (place: number): number => {
    const [out, y, x] = [Math.floor(place / rows / columns), Math.floor(place / columns) % rows, place % columns];
    let sum = bias[out] ?? NaN;
    for (let tap = 0; tap < 9; tap++) {
      const [row, column] = [y + Math.floor(tap / 3) - 1, x + (tap % 3) - 1];
      if (row < 0 || row >= rows || column < 0 || column >= columns) continue;
      for (let c = 0; c < channels; c++) {
        const cell = map[(row * columns + column) * channels + c] ?? NaN;
        sum += cell * (weight[(out * channels + c) * 9 + tap] ?? NaN);
      }
    }
    return sum;
  };
  return index.reduce((most, place, i) => Math.max(most, Math.abs(at(place) - (value[i] ?? NaN))), 0);
}

/** The largest difference at the sampled places. */
export function sampledDifference(values: Float32Array | undefined, { shape, index, value }: Sampled): number {
  if (values?.length !== shape.reduce((product, size) => product * size, 1)) return Infinity;
  return index.reduce((most, at, i) => Math.max(most, Math.abs((values[at] ?? NaN) - (value[i] ?? NaN))), 0);
}

/** Objects of one picture, each pixel given to one of them: masks (1 inside) in the order given. */
export function combined<One extends { readonly target: string; readonly probabilities: Float32Array }>(
  candidates: readonly One[],
): readonly { readonly target: string; readonly mask: Uint8Array }[] {
  const kept = keptTogether(candidates);
  const places = winners(
    kept.map(({ probabilities }) => probabilities),
    inside,
  );
  return kept.map(({ target }, i) => ({ target, mask: places.map((place) => Number(place === i + 1)) }));
}
