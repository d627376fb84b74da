import { FigseekError } from '../domain/errors.js';
import type { PanelId } from '../domain/ids.js';
import type { VectorKind } from '../domain/search.js';
import type { Encoder } from '../ports/encoder.js';

/** A panel as an encoder needs it. */
interface CaptionedPanel {
  readonly id: PanelId;
  /** Readable text; null or blank where there is none, which gives no caption vector. */
  readonly caption: string | null;
}

/** A vector of a panel, as it is stored. */
interface PanelEmbedding {
  readonly panelId: PanelId;
  /** The version of the model that made it. */
  readonly space: string;
  readonly kind: VectorKind;
  readonly vector: Float32Array;
}

/** Inputs of one request to the encoder: what it joins and copies for its process stays small. */
const maxInputs = 64;

/**
 * Embeds the images and captions of panels, of however many figures.
 * @param images uint8 [size, size, 3] of each panel, in the order of the panels
 * @returns for each panel its image vector, and its caption vector where it has a caption
 * @throws {FigseekError} MODEL_UNAVAILABLE, RATE_LIMITED or TIMEOUT, as the encoder does
 */
export async function embedPanels(
  encoder: Encoder,
  panels: readonly CaptionedPanel[],
  images: readonly Uint8Array[],
): Promise<ReadonlyMap<PanelId, readonly PanelEmbedding[]>> {
  const texts = panels.map(({ caption }) => caption?.trim() ?? '');
  const [imageVectors, captionVectors] = await Promise.all([
    inChunks(images, (chunk) => encoder.embedImages(chunk, 'bulk')),
    inChunks(
      texts.filter((text) => text !== ''),
      (chunk) => encoder.embedTexts(chunk, 'bulk'),
    ),
  ]);
  let nextCaption = 0;
  return new Map(
    panels.map(({ id }, place) => [
      id,
      [
        toEmbedding(encoder, id, 'IMAGE', imageVectors[place]),
        ...(texts[place] === '' ? [] : [toEmbedding(encoder, id, 'CAPTION', captionVectors[nextCaption++])]),
      ],
    ]),
  );
}

function toEmbedding(
  { model }: Encoder,
  panelId: PanelId,
  kind: VectorKind,
  vector: Float32Array | undefined,
): PanelEmbedding {
  if (vector === undefined) throw new FigseekError('MODEL_UNAVAILABLE', `The model gave no vector for ${panelId}`);
  return { panelId, space: model.version, kind, vector };
}

/** One request after the other; the encoder is kept busy by its own batches within each. */
async function inChunks<Input>(
  inputs: readonly Input[],
  embed: (chunk: readonly Input[]) => Promise<readonly Float32Array[]>,
): Promise<readonly Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (let start = 0; start < inputs.length; start += maxInputs) {
    vectors.push(...(await embed(inputs.slice(start, start + maxInputs))));
  }
  return vectors;
}
