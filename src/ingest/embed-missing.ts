import type { BlobFolder } from '../blobs/blob-folder.js';
import { panelIdOf } from '../domain/ids.js';
import type { Figure } from '../domain/figure.js';
import { decodeImage } from '../images/decode.js';
import type { EncoderClient } from '../inference/encoder-client.js';
import type { EmbeddingReader } from '../store/repositories/embedding-reader.js';
import type { FigureReader } from '../store/repositories/figure-reader.js';
import type { FigureWriter, NewEmbedding } from '../store/repositories/figure-writer.js';

const batchSize = 32;

/** Embeds by another model what is stored already, beside the vectors that are served; safe to stop and run again. */
export class EmbedMissing {
  constructor(
    private readonly encoder: EncoderClient,
    private readonly blobs: BlobFolder,
    private readonly store: {
      readonly figures: FigureReader;
      readonly writer: FigureWriter;
      readonly embeddings: EmbeddingReader;
    },
  ) {}

  /** @returns number of figures embedded now */
  async run(onProgress: (done: number, total: number) => void): Promise<number> {
    const total = await this.store.embeddings.figuresWithoutVectors(this.encoder.model.version);
    let done = 0;
    let last = 0;
    for (;;) {
      const rows = await this.store.figures.figuresAfter(last, batchSize);
      const end = rows.at(-1);
      if (end === undefined) return done;
      last = end.seq;
      const missing = await this.withoutVector(rows.map(({ figure }) => figure));
      if (missing.length === 0) continue;
      await this.store.writer.addEmbeddings(await this.embed(missing));
      done += missing.length;
      onProgress(done, total);
    }
  }

  private async withoutVector(figures: readonly Figure[]): Promise<readonly Figure[]> {
    const vectors = await Promise.all(
      figures.map(({ id }) =>
        this.store.embeddings.vectorOfPanel(panelIdOf(id, 0), this.encoder.model.version, 'IMAGE'),
      ),
    );
    return figures.filter((_, index) => vectors[index] === null);
  }

  private async embed(figures: readonly Figure[]): Promise<readonly NewEmbedding[]> {
    const space = this.encoder.model.version;
    const pixels = await Promise.all(figures.map((figure) => this.pixelsOf(figure)));
    const captioned = figures.filter(({ caption }) => caption !== '');
    const [images, captions] = await Promise.all([
      this.encoder.embedImages(pixels, 'bulk'),
      this.encoder.embedTexts(
        captioned.map(({ caption }) => caption),
        'bulk',
      ),
    ]);
    const toEmbedding = (figure: Figure, kind: 'IMAGE' | 'CAPTION', vector: Float32Array | undefined) =>
      vector === undefined ? [] : [{ panelId: panelIdOf(figure.id, 0), space, kind, vector }];
    return [
      ...figures.flatMap((figure, row) => toEmbedding(figure, 'IMAGE', images[row])),
      ...captioned.flatMap((figure, row) => toEmbedding(figure, 'CAPTION', captions[row])),
    ];
  }

  private async pixelsOf(figure: Figure): Promise<Uint8Array> {
    const { image } = await decodeImage(await this.blobs.get(figure.imageHash));
    return this.encoder.model.preprocess(image);
  }
}
