import { FigseekError } from '../domain/errors.js';
import type { Figure, Panel } from '../domain/figure.js';
import { imageHashOf } from '../domain/ids.js';
import { captionParts } from '../domain/text/caption-parts.js';
import { readableText } from '../domain/readable-text.js';
import type { CorrectionWrite, FigureWrite } from '../domain/figure-write.js';
import type { PanelOrigin, PanelSplit } from '../domain/found-panel.js';
import type { PanelCorrection } from '../domain/record-source.js';
import { findPanelFault, hashRecord, type IngestRecord } from '../domain/figure-record.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { Encoder } from '../ports/encoder.js';
import type { ImageReader } from '../ports/image-reader.js';
import { embedPanels } from './embed-panels.js';
import { fitCorrection } from './fit-correction.js';
import type { PreparedRecord, ReadRecord, RecordIdentity } from './prepared-record.js';
import { partsOfFigure, signaturesOf, withPanels } from './record-figure.js';

/** The rule by which panels are found: another one finds others, and figures are stored anew by the next ingest. */
const splittingRule = 'panels by caption letters and gutters, 2';

/** A record that does not fit its image. */
export class RecordError extends FigseekError {
  constructor(message: string) {
    super('BAD_USER_INPUT', message);
  }
}

/** Turns records into figures with vectors. */
export class FigureBuilder {
  constructor(
    private readonly encoder: Encoder,
    private readonly blobs: BlobStore,
    private readonly reader: ImageReader,
  ) {}

  /** The space of the vectors that are made: the active model's version. */
  get space(): string {
    return this.encoder.model.version;
  }

  /** @param splitPanels whether panels are looked for where the record names none and its caption has parts */
  async read(record: IngestRecord, readImage: () => Promise<Uint8Array>, splitPanels = false): Promise<ReadRecord> {
    const bytes = await readImage();
    const imageHash = imageHashOf(bytes);
    const caption = readableText(record.caption ?? '');
    const splitBy = splitPanels && record.panels === undefined && captionParts(caption).length > 1 ? caption : null;
    const recordHash = hashRecord(record, imageHash, splitBy === null ? undefined : splittingRule);
    return { record, bytes, imageHash, recordHash, splitBy };
  }

  /** Puts back the image file of an unchanged record where somebody deleted it: ingesting again fixes the store. */
  async keepImage({ bytes }: ReadRecord): Promise<void> {
    await this.blobs.put(bytes);
  }

  /**
   * @param correction a person's, which is stored in place of the panels that the record names or that are found
   * @throws {FigseekError} UNSUPPORTED_MEDIA, PAYLOAD_TOO_LARGE or BAD_USER_INPUT for an image that cannot be taken
   * @throws {RecordError} for a panel that does not lie within the image
   */
  async prepare(
    read: ReadRecord,
    identity: RecordIdentity,
    correction: PanelCorrection | null = null,
  ): Promise<PreparedRecord> {
    const corrected = correction === null ? null : fitCorrection(correction, await this.reader.check(read.bytes));
    const given = corrected === null ? read.record : { ...read.record, panels: [...corrected] };
    const boxes = (given.panels ?? []).map(({ box }) => ({ box }));
    const splitBy = corrected === null ? read.splitBy : null;
    const file = await this.reader.readSigned(read.bytes, this.encoder.model.preparation, [{}, ...boxes], splitBy);
    const fault = findPanelFault(given, file);
    if (fault !== null) throw new RecordError(fault);
    const { split, ...decoded } = file;
    const found = split?.panels ?? [];
    return {
      ...read,
      record: found.length === 0 ? given : { ...given, panels: [...found] },
      identity,
      panelOrigin: corrected === null ? originOf(given, split) : 'PERSON',
      panelSuggestion: split?.suggestion ?? null,
      correctedAt: correction?.at ?? null,
      isCorrectionDropped: correction !== null && corrected === null,
      ...decoded,
    };
  }

  /**
   * Makes ready the panels that a person gives a figure.
   * @param panels in pixels of the image as it is shown
   * @throws {FigseekError} BAD_USER_INPUT for a panel that does not lie within the image; what an encoder and a reader of
   *   images throw
   */
  async correct(figure: Figure, panels: PanelCorrection['panels']): Promise<CorrectionWrite> {
    const fault = findPanelFault({ panels }, figure);
    if (fault !== null) throw new RecordError(fault);
    const made = partsOfFigure(figure, { panels });
    const { parts, signatures } = await this.reader.readSigned(
      this.blobs.fileOf(figure.imageHash),
      this.encoder.model.preparation,
      panels.map(({ box }) => ({ box })),
      null,
    );
    const embeddings = await embedPanels(this.encoder, made.map(toCaptioned), parts);
    return {
      figureId: figure.id,
      imageHash: figure.imageHash,
      panels: made,
      embeddings: [...embeddings.values()].flat(),
      signatures: signaturesOf(made, signatures),
    };
  }

  /** Embeds the images and captions of all panels, and keeps the image files; what it returns is ready for one transaction. */
  async embedAndBuild(prepared: readonly PreparedRecord[]): Promise<readonly FigureWrite[]> {
    const figures = prepared.map(withPanels);
    const panels = figures.flatMap((figure) => figure.panels);
    const [embeddings] = await Promise.all([
      embedPanels(
        this.encoder,
        panels.map(toCaptioned),
        prepared.flatMap(({ parts }) => parts),
      ),
      Promise.all(prepared.map(({ bytes }) => this.blobs.put(bytes))),
    ]);
    return figures.map((figure) => ({
      ...figure,
      embeddings: figure.panels.flatMap(({ id }) => embeddings.get(id) ?? []),
    }));
  }
}

function originOf({ panels = [] }: IngestRecord, split: PanelSplit | null): PanelOrigin | null {
  if (panels.length > 0) return 'RECORD';
  return split === null || split.panels.length === 0 ? null : split.origin;
}

function toCaptioned({ id, caption }: Panel) {
  return { id, caption: readableText(caption ?? '') };
}
