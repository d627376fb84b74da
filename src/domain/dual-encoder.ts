import type { ImagePreparation } from './image-preparation.js';
import type { RawImage } from './raw-image.js';

/**
 * What the rest of the product sees of a dual encoder: how to turn an image or a text into the input of its two
 * ONNX graphs. Only `src/model-import`, `src/model-packages` and `src/imaging/preprocess` know an architecture.
 *
 * Graph contract. Image graph: input `pixels` uint8 [batch, size, size, 3] (RGB) → output `embedding` float32
 * [batch, dimensions], unit length. Text graph: inputs `input_ids` and `attention_mask`, both int32 [batch, length]
 * with any length up to `contextLength` → output `embedding` float32 [batch, dimensions], unit length. Support graph:
 * inputs `pixels` as above and `direction` float32 [batch, dimensions] → output `support` float32 [batch, 1 + grid²]:
 * first the product of the embedding with the direction, then what each patch adds to it.
 */
export interface DualEncoder {
  readonly name: string;
  /** sha256 over the weights: two packages with one version give the same vectors. */
  readonly version: string;
  readonly dimensions: number;
  readonly contextLength: number;
  /** How `preprocess` makes the input of the image graph; other processes prepare whole files in the same way. */
  readonly preparation: ImagePreparation;
  readonly license: string;
  /** A sentence that a user must see before relying on the model; null where there is none. */
  readonly warning: string | null;
  /** Absolute paths of the two graphs. */
  readonly imageGraph: string;
  readonly textGraph: string;
  /** What each of grid × grid patches adds to an embedding in a direction; null where the package cannot tell. */
  readonly support: { readonly graph: string; readonly grid: number } | null;
  /** Pixels → uint8 RGB [size, size, 3], ready for the image graph. */
  preprocess(image: RawImage): Uint8Array;
  /** Text → token ids with the special tokens, truncated to `contextLength`. */
  tokenize(text: string): Int32Array;
}
