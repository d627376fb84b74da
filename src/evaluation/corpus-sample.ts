import type { DualEncoder } from '../domain/dual-encoder.js';
import type { Figure, Panel } from '../domain/figure.js';
import { FigseekError } from '../domain/errors.js';
import type { VectorKind } from '../domain/search.js';
import type { SampleVectors } from './model-comparison.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { EmbeddingStore } from '../ports/embedding-store.js';
import type { Encoder } from '../ports/encoder.js';
import type { FigureStore } from '../ports/figure-store.js';
import type { ImageReader } from '../ports/image-reader.js';

const batchSize = 16;

/** A figure, with one of its panels as the input of the image graph: uint8 [size, size, 3]. */
export interface SampledFigure {
  readonly panel: Panel;
  readonly pixels: Uint8Array;
  /** Its article, or the figure itself: figures of one article are alike. */
  readonly group: string;
}

/**
 * Figures of the user's own corpus, evenly spread, each by one of its panels, embedded by whichever model is asked. Whole
 * figures and the parts of compound ones are in it, as they are in what searches compare.
 */
export class CorpusSample {
  constructor(
    private readonly store: {
      readonly figures: Pick<FigureStore, 'sampleEvenly' | 'panelsOfFigures'>;
      readonly embeddings: Pick<EmbeddingStore, 'vectorOfPanel'>;
      readonly blobs: BlobStore;
    },
    private readonly reader: ImageReader,
  ) {}

  /** At most `count` figures; those whose image is missing or damaged are left out. */
  async read(count: number, model: DualEncoder): Promise<readonly SampledFigure[]> {
    const figures = await this.store.figures.sampleEvenly(count);
    const sampled: SampledFigure[] = [];
    // A batch at a time: the files of a large sample have no room in memory.
    for (let start = 0; start < figures.length; start += batchSize) {
      const batch = figures.slice(start, start + batchSize);
      const panels = await this.panelOfEach(batch, start);
      const read = await Promise.all(batch.map((figure, i) => this.readOne(figure, panels[i], model)));
      sampled.push(...read.filter((one) => one !== null));
    }
    return sampled;
  }

  /**
   * The same ones each time, and all places of a figure alike.
   * @param start the place of the first figure in the sample
   */
  private async panelOfEach(figures: readonly Figure[], start: number): Promise<readonly (Panel | undefined)[]> {
    const all = await this.store.figures.panelsOfFigures(figures.map(({ id }) => id));
    return figures.map(({ id }, i) => {
      const own = all.filter(({ figureId }) => figureId === id);
      return own[(start + i) % own.length];
    });
  }

  private async readOne(
    figure: Figure,
    panel: Panel | undefined,
    { preparation }: DualEncoder,
  ): Promise<SampledFigure | null> {
    // Its figure was deleted meanwhile.
    if (panel === undefined) return null;
    try {
      const file = this.store.blobs.fileOf(figure.imageHash);
      const { pixels } = await this.reader.read(file, preparation, 'bulk', { box: panel.box });
      return { panel, pixels, group: figure.articleId ?? figure.id };
    } catch (error) {
      if (error instanceof FigseekError) return null;
      throw error;
    }
  }

  /** What is embedded already is taken from the store. */
  async embed(
    sample: readonly SampledFigure[],
    encoder: Encoder,
    onProgress: (done: number) => void,
  ): Promise<SampleVectors> {
    const images: Float32Array[] = [];
    const captions: Float32Array[] = [];
    for (let start = 0; start < sample.length; start += batchSize) {
      const batch = sample.slice(start, start + batchSize);
      images.push(...(await Promise.all(batch.map((one) => this.vector(one, encoder, 'IMAGE')))));
      const captioned = batch.filter(({ panel }) => hasCaption(panel));
      captions.push(...(await Promise.all(captioned.map((one) => this.vector(one, encoder, 'CAPTION')))));
      onProgress(start + batch.length);
    }
    return { images, captions };
  }

  private async vector({ panel, pixels }: SampledFigure, encoder: Encoder, kind: VectorKind): Promise<Float32Array> {
    const stored = await this.store.embeddings.vectorOfPanel(panel.id, encoder.model.version, kind);
    if (stored !== null) return stored;
    const [made] =
      kind === 'IMAGE'
        ? await encoder.embedImages([pixels], 'bulk')
        : await encoder.embedTexts([panel.caption?.trim() ?? ''], 'bulk');
    if (made === undefined) throw new FigseekError('MODEL_UNAVAILABLE', 'The model gave no vector');
    return made;
  }
}

function hasCaption({ caption }: Panel): boolean {
  return caption !== null && caption.trim() !== '';
}
