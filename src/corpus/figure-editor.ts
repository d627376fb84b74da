import { FigseekError } from '../domain/errors.js';
import type { Figure } from '../domain/figure.js';
import { figureIdOf, imageHashOf } from '../domain/ids.js';
import { issuesInWords } from '../domain/issues.js';
import type { FigureBuilder } from './figure-builder.js';
import { UnusedImages } from './unused-images.js';
import { recordSchema } from '../domain/figure-record.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { FigureStore } from '../ports/figure-store.js';
import type { FigureWriter } from '../ports/figure-writer.js';
import type { SourceStore } from '../ports/source-store.js';
import type { Viewer } from '../domain/viewer.js';

/** What a client says of a figure; the fields of an ingest record without its image. */
export type NewFigure = Readonly<Record<string, unknown>> & { readonly sourceKey: string | null };

/** The source of figures that clients add. */
export const addedSource = 'added';

/** Adds and deletes single figures: found, or gone, at the next search. */
export class FigureEditor {
  constructor(
    /** Of the model that serves; one for the whole of a figure's making. */
    private readonly currentMaker: () => FigureBuilder,
    private readonly stores: {
      readonly figures: Pick<FigureStore, 'figure' | 'isImageUsed'>;
      readonly sources: Pick<SourceStore, 'storedRecords'>;
      readonly writer: FigureWriter;
      readonly blobs: BlobStore;
    },
  ) {}

  /**
   * @param bytes an image file
   * @throws {FigseekError} CONFLICT where the source key is taken; BAD_USER_INPUT, also for a panel that does not lie within
   *   the image; UNSUPPORTED_MEDIA, PAYLOAD_TOO_LARGE
   */
  async add(_viewer: Viewer, bytes: Uint8Array, { sourceKey, ...given }: NewFigure): Promise<Figure> {
    const id = sourceKey ?? `added:${imageHashOf(bytes).slice(0, 24)}`;
    const record = recordSchema.safeParse({ ...given, id, image: 'added by a client' });
    if (!record.success) {
      throw new FigseekError('BAD_USER_INPUT', `The figure is not valid: ${issuesInWords(record.error.issues)}`);
    }
    const maker = this.currentMaker();
    const known = (await this.stores.sources.storedRecords([id], maker.space)).get(id) ?? [];
    if (known.some(({ stored }) => stored !== null)) {
      throw new FigseekError('CONFLICT', `There is a figure with the source key ${id} already; delete it first`);
    }
    const prepared = await maker.prepare(await maker.read(record.data, () => Promise.resolve(bytes)), {
      id: figureIdOf(id),
      source: addedSource,
    });
    const bundles = await maker.embedAndBuild([prepared]);
    await this.stores.writer.replace(bundles);
    const figure = await this.stores.figures.figure(figureIdOf(id));
    if (figure === null) throw new FigseekError('INTERNAL_SERVER_ERROR', 'The figure was not made');
    return figure;
  }

  /** Deletes a figure, its vectors and words, and its image file where no other figure shows the same. */
  async delete(_viewer: Viewer, id: string): Promise<void> {
    const [gone] = await this.stores.writer.delete([id]);
    if (gone === undefined) throw new FigseekError('NOT_FOUND', `There is no figure ${id}`);
    await new UnusedImages(this.stores.figures, this.stores.blobs).remove([gone.imageHash]);
  }
}
