import type { ModelCheck } from '../domain/model-check.js';
import { dot } from '../domain/vector.js';
import type { GoldenInputs } from '../model-packages/reference-inputs.js';
import type { Encoder } from '../ports/encoder.js';

export interface SelfChecks {
  readonly findings: readonly ModelCheck[];
  readonly images: readonly Float32Array[];
  readonly texts: readonly Float32Array[];
}

/** Of rounding that depends on the size of a batch; a GPU that computes in half precision has most of it. */
const maxSpread = 2e-3;
/** A table of zeros or a graph that ignores its input gives one vector for all. */
const mostSimilar = 0.9999;

/**
 * What must hold of any dual encoder, whatever its weights: unit length, the same vector alone and in a batch (also
 * where texts are padded to the longest), another vector for another input.
 */
export async function checkItself(encoder: Encoder, { images, texts }: GoldenInputs): Promise<SelfChecks> {
  const imageVectors = await encoder.embedImages(images, 'bulk');
  const textVectors = await encoder.embedTokens(texts, 'bulk');
  const imagesAlone = await oneByOne(images, (image) => encoder.embedImages([image], 'bulk'));
  const textsAlone = await oneByOne(texts, (text) => encoder.embedTokens([text], 'bulk'));
  const lengths = [...imageVectors, ...textVectors].map((vector) => Math.abs(Math.sqrt(dot(vector, vector)) - 1));
  return {
    images: imageVectors,
    texts: textVectors,
    findings: [
      atMost('unit length', Math.max(...lengths), 1e-3),
      atMost('an image alone as in a batch', spread(imageVectors, imagesAlone), maxSpread),
      atMost('a text alone as padded in a batch', spread(textVectors, textsAlone), maxSpread),
      atMost('different images differ', closest(imageVectors), mostSimilar),
      atMost('different texts differ', closest(ofDifferent(texts, textVectors)), mostSimilar),
    ],
  };
}

/** Least cosine between vectors of the same inputs. */
export function minCosine(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  return Math.min(...a.map((vector, row) => dot(vector, b[row] ?? new Float32Array())));
}

function atMost(what: string, value: number, bound: number): ModelCheck {
  return { what, value, holds: value <= bound };
}

async function oneByOne<Input>(
  inputs: readonly Input[],
  embed: (input: Input) => Promise<Float32Array[]>,
): Promise<readonly Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (const input of inputs) vectors.push(...(await embed(input)));
  return vectors;
}

/** Largest difference of a value. */
function spread(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  return Math.max(...a.flatMap((vector, row) => [...vector].map((value, i) => Math.abs(value - (b[row]?.[i] ?? NaN)))));
}

/** One vector for each text that differs from those before it: long ones are cut to the same ids by a short context. */
function ofDifferent(texts: readonly Int32Array[], vectors: readonly Float32Array[]): readonly Float32Array[] {
  const ids = texts.map((text) => text.join());
  return vectors.filter((_, row) => ids.indexOf(ids[row] ?? '') === row);
}

/** Largest cosine between two of them; the least there is where there are no two. */
function closest(vectors: readonly Float32Array[]): number {
  return Math.max(-1, ...vectors.flatMap((a, i) => vectors.slice(i + 1).map((b) => dot(a, b))));
}
