import { LRUCache } from 'lru-cache';
import type { UploadFolder } from '../blobs/upload-folder.js';
import { FigseekError } from '../domain/errors.js';
import { combinedUnitVector } from '../domain/vector.js';
import { decodeImage } from '../images/decode.js';
import type { EncoderClient } from '../inference/encoder-client.js';
import type { EmbeddingReader } from '../store/repositories/embedding-reader.js';
import type { FigureReader } from '../store/repositories/figure-reader.js';
import { panelIdOf, type FigureId } from '../domain/ids.js';
import type { ImageReference, SearchRequest } from './search-request.js';

/** Turns a query into one unit vector in the space of the active model. */
export class QueryEncoder {
  // Readers page, switch channels and come back: the same words need no second run of the model.
  private readonly texts = new LRUCache<string, Float32Array>({ max: 2000 });

  constructor(
    private readonly encoder: EncoderClient,
    private readonly figures: FigureReader,
    private readonly embeddings: EmbeddingReader,
    private readonly uploads: UploadFolder,
    private readonly maxPixels: number,
  ) {}

  /** Text and image add up, with equal weight; `not` is taken off. */
  async encode(request: SearchRequest): Promise<Float32Array> {
    const parts = await Promise.all([
      request.text === null ? null : this.text(request.text),
      request.image === null ? null : this.image(request.image),
      request.not === null ? null : this.text(request.not).then((vector) => vector.map((value) => -value)),
    ]);
    return combinedUnitVector(parts.filter((part) => part !== null));
  }

  private async text(text: string): Promise<Float32Array> {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    const [vector] = await this.encoder.embedTexts([text], 'interactive');
    if (vector === undefined) throw new FigseekError('MODEL_UNAVAILABLE', 'The model gave no vector for the text');
    this.texts.set(text, vector);
    return vector;
  }

  private async image(reference: ImageReference): Promise<Float32Array> {
    switch (reference.kind) {
      case 'bytes':
        return this.pixels(reference.bytes);
      case 'upload':
        return this.pixels(await this.uploads.get(reference.id));
      case 'figure':
        return this.stored(panelIdOf(reference.id as FigureId, 0), `figure ${reference.id}`);
      case 'panel':
        return this.stored(reference.id, `panel ${reference.id}`);
    }
  }

  private async pixels(bytes: Uint8Array): Promise<Float32Array> {
    const { image } = await decodeImage(bytes, { maxPixels: this.maxPixels });
    const [vector] = await this.encoder.embedImages([this.encoder.model.preprocess(image)], 'interactive');
    if (vector === undefined) throw new FigseekError('MODEL_UNAVAILABLE', 'The model gave no vector for the image');
    return vector;
  }

  private async stored(panelId: string, what: string): Promise<Float32Array> {
    const vector = await this.embeddings.vectorOfPanel(panelId, this.encoder.model.version, 'IMAGE');
    if (vector !== null) return vector;
    const exists = (await this.figures.panel(panelId)) !== null;
    if (!exists) throw new FigseekError('NOT_FOUND', `There is no ${what}`);
    throw notEmbedded(what, this.encoder.model.name);
  }
}

/** The answer where a stored figure has no vector of the active model: an empty list would look like “nothing is like it”. */
export function notEmbedded(what: string, model: string): FigseekError {
  return new FigseekError(
    'INDEX_UNAVAILABLE',
    `The ${what} is not embedded by ${model} yet; “figseek models use ${model}” embeds it`,
  );
}
