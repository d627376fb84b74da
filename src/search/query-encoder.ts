import { LRUCache } from 'lru-cache';
import { FigseekError } from '../domain/errors.js';
import type { CorpusState } from '../domain/corpus-state.js';
import type { Panel } from '../domain/figure.js';
import { wholeFigurePanelId, type FigureId, type PanelId } from '../domain/ids.js';
import type { VectorKind } from '../domain/search.js';
import type { VectorIndex } from '../ports/vector-index.js';
import type { FigureStore } from '../ports/figure-store.js';
import type { PanelImages } from './panel-images.js';
import type { ImageReference, Region, Term } from './search-request.js';
import type { Encoder } from '../ports/encoder.js';
import type { ImageFile, ImagePart, ImageReader } from '../ports/image-reader.js';
import type { UploadStore } from '../ports/upload-store.js';

/** A term as vectors: what is compared with image vectors, and what with caption vectors. */
export interface EncodedTerm {
  readonly weight: number;
  readonly vectors: Readonly<Record<VectorKind, Float32Array>>;
}

/** Turns the terms of a query into unit vectors in the space of the active model. */
export class QueryEncoder {
  // Readers page, switch channels and come back: the same words need no second run of the model.
  private readonly texts = new LRUCache<string, Float32Array>({ max: 2000 });

  constructor(
    private readonly encoder: Encoder,
    private readonly corpus: {
      readonly figures: Pick<FigureStore, 'panel'>;
      readonly index: Pick<VectorIndex, 'vectorsOf'>;
    },
    private readonly files: {
      readonly uploads: UploadStore;
      readonly panels: PanelImages;
      readonly reader: ImageReader;
    },
    /** A command of figseek, as it can be pasted. */
    private readonly advise: (command: string) => string,
  ) {}

  /** @param asOf the state of the corpus that stored images are taken from; absent: as it is now */
  encode(terms: readonly Term[], asOf?: CorpusState): Promise<readonly EncodedTerm[]> {
    return Promise.all(
      terms.map(async (term) => ({
        weight: term.weight,
        vectors:
          term.kind === 'text' ? both(await this.encodeText(term.text)) : await this.encodeImage(term.image, asOf),
      })),
    );
  }

  /** @returns unit vectors in the order of the texts */
  async encodeTexts(texts: readonly string[]): Promise<readonly Float32Array[]> {
    return Promise.all(texts.map((text) => this.encodeText(text)));
  }

  private async encodeText(text: string): Promise<Float32Array> {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    const [vector] = await this.encoder.embedTexts([text], 'interactive');
    if (vector === undefined) throw new FigseekError('MODEL_UNAVAILABLE', 'The model gave no vector for the text');
    this.texts.set(text, vector);
    return vector;
  }

  private async encodeImage(
    { source, region }: ImageReference,
    asOf: CorpusState | undefined,
  ): Promise<Readonly<Record<VectorKind, Float32Array>>> {
    switch (source.kind) {
      case 'bytes':
        return both(await this.encodeFile(source.bytes, { region }));
      case 'upload':
        return both(await this.encodeFile({ file: await this.files.uploads.fileOf(source.id) }, { region }));
      case 'figure':
        return this.storedVectors(wholeFigurePanelId(source.id as FigureId), `figure ${source.id}`, region, asOf);
      case 'panel':
        return this.storedVectors(source.id as PanelId, `panel ${source.id}`, region, asOf);
    }
  }

  private async encodeFile(image: ImageFile, part: ImagePart): Promise<Float32Array> {
    const { pixels } = await this.files.reader.read(image, this.encoder.model.preparation, 'interactive', part);
    const [vector] = await this.encoder.embedImages([pixels], 'interactive');
    if (vector === undefined) throw new FigseekError('MODEL_UNAVAILABLE', 'The model gave no vector for the image');
    return vector;
  }

  /** A stored panel knows its caption as well: captions are compared with that. */
  private async storedVectors(panelId: PanelId, what: string, region: Region | null, asOf?: CorpusState) {
    if (region !== null) {
      const panel = await this.storedPanel(panelId, what);
      return both(await this.encodeFile(await this.files.panels.file(panel), { box: panel.box, region }));
    }
    const { IMAGE: image, CAPTION: caption } = await this.corpus.index.vectorsOf(panelId, asOf);
    if (image !== null) return { IMAGE: image, CAPTION: caption ?? image };
    await this.storedPanel(panelId, what);
    const { name } = this.encoder.model;
    const fix = `“${this.advise(`models use ${name}`)}” embeds it`;
    throw new FigseekError('INDEX_UNAVAILABLE', `The ${what} is not embedded by ${name} yet; ${fix}`);
  }

  private async storedPanel(panelId: PanelId, what: string): Promise<Panel> {
    const panel = await this.corpus.figures.panel(panelId);
    if (panel === null) throw new FigseekError('NOT_FOUND', `There is no ${what}`);
    return panel;
  }
}

function both(vector: Float32Array): Readonly<Record<VectorKind, Float32Array>> {
  return { IMAGE: vector, CAPTION: vector };
}
