import { panelIdOf } from '../domain/ids.js';
import { FigseekError } from '../domain/errors.js';
import type { EmbeddingReader } from '../adapters/sqlite/embedding-reader.js';
import type { FigureReader, FigureRow } from '../adapters/sqlite/figure-reader.js';
import type { FigureWriter, BackfilledEmbedding } from '../adapters/sqlite/figure-writer.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { Encoder } from '../ports/encoder.js';
import type { ImageReader } from '../ports/image-reader.js';

const batchSize = 32;

/** A figure that could not be embedded, and why. */
interface EmbedFailure {
  readonly sourceKey: string;
  readonly message: string;
}

export interface BackfillReport {
  /** Figures embedded now. */
  readonly embedded: number;
  readonly failures: readonly EmbedFailure[];
}

interface ReadFigure extends FigureRow {
  /** uint8 [size, size, 3] */
  readonly pixels: Uint8Array;
}

/** Embeds by another model what is stored already, beside the vectors that are served; safe to stop and run again. */
export class EmbeddingBackfill {
  constructor(
    private readonly encoder: Encoder,
    private readonly blobs: BlobStore,
    private readonly store: {
      readonly figures: FigureReader;
      readonly writer: FigureWriter;
      readonly embeddings: EmbeddingReader;
    },
    private readonly reader: ImageReader,
  ) {}

  /** Goes through the whole corpus; a figure whose image is missing or damaged is reported, and the others go on. */
  async run(onProgress: (done: number, total: number) => void): Promise<BackfillReport> {
    const total = await this.store.embeddings.countFiguresMissingEmbedding(this.encoder.model.version);
    if (total === 0) return { embedded: 0, failures: [] };
    const failures: EmbedFailure[] = [];
    let embedded = 0;
    let next = this.readBatch(0);
    for (;;) {
      const batch = await next;
      if (batch === null) return { embedded, failures };
      const { read, last } = batch;
      // The next batch is decoded while this one is embedded.
      next = this.readBatch(last);
      next.catch(() => undefined);
      const readable = read.filter((one) => 'pixels' in one);
      failures.push(...read.filter((one) => 'message' in one));
      if (readable.length > 0) await this.store.writer.addEmbeddings(await this.embed(readable));
      embedded += readable.length;
      if (read.length > 0) onProgress(embedded, total);
    }
  }

  /** What comes after the figure numbered `last`; null where nothing does. */
  private async readBatch(
    last: number,
  ): Promise<{ readonly read: readonly (ReadFigure | EmbedFailure)[]; readonly last: number } | null> {
    const rows = await this.store.figures.listFiguresMissingEmbedding(this.encoder.model.version, last, batchSize);
    const end = rows.at(-1);
    if (end === undefined) return null;
    return { read: await Promise.all(rows.map((row) => this.readOne(row))), last: end.seq };
  }

  private async readOne(row: FigureRow): Promise<ReadFigure | EmbedFailure> {
    const { sourceKey, imageHash } = row.figure;
    try {
      const { pixels } = await this.reader.read(this.blobs.fileOf(imageHash), this.encoder.model.imageSize, 'bulk');
      return { ...row, pixels };
    } catch (error) {
      // It ends the run, which can be run again: the next image could not be read either.
      if (!(error instanceof FigseekError) || error.code === 'MODEL_UNAVAILABLE') throw error;
      return { sourceKey, message: error.message };
    }
  }

  private async embed(rows: readonly ReadFigure[]): Promise<readonly BackfilledEmbedding[]> {
    const space = this.encoder.model.version;
    const captioned = rows.filter(({ figure }) => figure.caption !== '');
    const [images, captions] = await Promise.all([
      this.encoder.embedImages(
        rows.map(({ pixels }) => pixels),
        'bulk',
      ),
      this.encoder.embedTexts(
        captioned.map(({ figure }) => figure.caption),
        'bulk',
      ),
    ]);
    const toEmbedding = (row: FigureRow, kind: 'IMAGE' | 'CAPTION', vector: Float32Array | undefined) =>
      vector === undefined
        ? []
        : [{ panelId: panelIdOf(row.figure.id, 0), space, kind, vector, recordHash: row.recordHash }];
    return [
      ...rows.flatMap((row, index) => toEmbedding(row, 'IMAGE', images[index])),
      ...captioned.flatMap((row, index) => toEmbedding(row, 'CAPTION', captions[index])),
    ];
  }
}
