import type { RawImage } from './raw-image.js';

/** Where a picture lies in the padded square that a segmenter sees. */
export interface Placement {
  readonly width: number;
  readonly height: number;
  /** Size of the padded picture: the long side, or one pixel less on an axis where the difference is odd. */
  readonly paddedWidth: number;
  readonly paddedHeight: number;
  readonly left: number;
  readonly top: number;
}

/** A picture as the image graph takes it. */
export interface SegmenterInput {
  /** uint8 RGB [size, size, 3], padding included */
  readonly pixels: Uint8Array;
  readonly size: number;
  readonly placement: Placement;
}

/** What a segmenter answers to one prompt. */
export interface RawMask {
  /** float32 [side, side] over the padded square, at a quarter of its working size; above 0 is inside */
  readonly logits: Float32Array;
  readonly side: number;
  /** How well each query's mask fits the prompt. */
  readonly similarity: Float32Array;
  /** The query whose mask this is: the one of the greatest similarity. */
  readonly query: number;
  /** Milliseconds that the picture took; null where it was encoded for an earlier prompt. */
  readonly imageMs: number | null;
  readonly promptMs: number;
}

/** Parameters a and b of a Beta distribution over 0..1. */
export type BetaParameters = readonly [number, number];

/** Distributions of a right mask's mean probability, red, green and blue. */
export type MaskStatistics = readonly BetaParameters[];

/**
 * What the rest of the product sees of a segmenter: how to turn a picture and a prompt into the inputs of its three
 * ONNX graphs. Only `src/model-import`, `src/model-packages` and `src/imaging/preprocess` know an architecture.
 *
 * Graph contract. Image graph: `pixels` uint8 [height, width, 3] → what no prompt changes. Text graph: `input_ids` int32
 * [length] → `tokens` [length, width], `sentence` [1, width]. Decoder graph: those and all of the image graph's outputs
 * that it names as inputs → `similarity` [queries], `query` int64 [1], `logits` [height / 4, width / 4].
 */
export interface Segmenter {
  readonly name: string;
  /** sha256 over the weights and what decides their use: two packages with one version give the same masks. */
  readonly version: string;
  /** Side of the square picture by default. */
  readonly imageSize: number;
  /** Other sides must be multiples of it. */
  readonly sizeMultiple: number;
  readonly contextLength: number;
  readonly license: string;
  /** A sentence that a user must see before relying on the model; null where there is none. */
  readonly warning: string | null;
  /** Absolute paths of the three graphs. */
  readonly imageGraph: string;
  readonly textGraph: string;
  readonly decoderGraph: string;
  /** Objects that the model was trained on, by image type. */
  readonly prompts: Readonly<Record<string, readonly string[]>>;
  /** Image type → object → what its masks look like. */
  readonly statistics: Readonly<Record<string, Readonly<Record<string, MaskStatistics>>>>;
  /** @param size side of the square @throws {FigseekError} BAD_USER_INPUT for a side that the model cannot work on */
  validateSize(size: number): void;
  /** @param size side of the square; the default is `imageSize` @throws {FigseekError} BAD_USER_INPUT for a side that does not fit */
  preprocess(image: RawImage, size?: number): SegmenterInput;
  /** Prompt → token ids with start and end, at most `contextLength`. @throws {FigseekError} BAD_USER_INPUT */
  tokenize(prompt: string): Int32Array;
}
