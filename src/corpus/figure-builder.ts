import { FigseekError } from '../domain/errors.js';
import type { Figure, Panel } from '../domain/figure.js';
import { imageHashOf } from '../domain/ids.js';
import { captionParts } from '../domain/text/caption-parts.js';
import { readableText } from '../domain/readable-text.js';
import type { FigureEdits } from '../domain/figure-edit.js';
import type { CorrectionWrite, FigureWrite, PanelsWrite } from '../domain/figure-write.js';
import type { PanelOrigin, PanelSplit } from '../domain/found-panel.js';
import type { PanelCorrection } from '../domain/record-source.js';
import { findPanelFault, hashRecord, type IngestRecord } from '../domain/figure-record.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { EmbeddingStore } from '../ports/embedding-store.js';
import type { Encoder } from '../ports/encoder.js';
import type { ImageReader, SignedParts } from '../ports/image-reader.js';
import { detectionRule, detectPanels } from './detect-panels.js';
import { embedPanels } from './embed-panels.js';
import { fitCorrection } from './fit-correction.js';
import type { PanelFinding, PreparedRecord, ReadRecord, RecordIdentity } from './prepared-record.js';
import { partsOfFigure, signaturesOf, wholeFigure, withPanels } from './record-figure.js';

/** The rule by which panels are found: another one finds others, and figures are stored anew by the next ingest. */
const splittingRule = 'panels by caption letters and gutters, 2';

/** A record that does not fit its image. */
export class RecordError extends FigseekError {
  constructor(message: string) {
    super('BAD_USER_INPUT', message);
  }
}

/** What people said of the figure of a record, which counts more than the record. */
interface PeoplesChanges {
  readonly correction?: PanelCorrection | null;
  readonly edits?: FigureEdits | null;
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

  /** @param finding how panels are looked for where the record names none; null: they are not */
  async read(
    record: IngestRecord,
    readImage: () => Promise<Uint8Array>,
    finding: PanelFinding | null = null,
  ): Promise<ReadRecord> {
    const bytes = await readImage();
    const imageHash = imageHashOf(bytes);
    const caption = readableText(record.caption ?? '');
    const splitBy = record.panels === undefined && isLookedAt(caption, finding) ? { ...finding, caption } : null;
    const recordHash = hashRecord(record, imageHash, splitBy === null ? undefined : ruleOf(splitBy));
    return { record, bytes, imageHash, recordHash, splitBy };
  }

  /** Puts back the image file of an unchanged record where somebody deleted it: ingesting again fixes the store. */
  async keepImage({ bytes }: ReadRecord): Promise<void> {
    await this.blobs.put(bytes);
  }

  /**
   * @param byPeople panels that are stored in place of those that the record names or that are found, and other changes
   * @throws {FigseekError} UNSUPPORTED_MEDIA, PAYLOAD_TOO_LARGE or BAD_USER_INPUT for an image that cannot be taken
   * @throws {RecordError} for a panel that does not lie within the image
   */
  async prepare(
    read: ReadRecord,
    identity: RecordIdentity,
    { correction = null, edits = null }: PeoplesChanges = {},
  ): Promise<PreparedRecord> {
    const corrected = correction === null ? null : await this.fit(correction, read);
    const given = corrected === null ? read.record : { ...read.record, panels: [...corrected] };
    const { split, ...decoded } = await this.readParts(read, given, corrected === null);
    const found = split?.panels ?? [];
    return {
      ...read,
      record: found.length === 0 ? given : { ...given, panels: [...found] },
      identity,
      panelOrigin: corrected === null ? originOf(given, split) : 'PERSON',
      panelSuggestion: split?.suggestion ?? null,
      correctedAt: correction?.at ?? null,
      isCorrectionDropped: correction !== null && corrected === null,
      edits,
      ...decoded,
    };
  }

  /** An image that is the same is not decoded for that. */
  private async fit(correction: PanelCorrection, { bytes, imageHash }: ReadRecord) {
    if (correction.imageHash === imageHash) return correction.panels;
    return fitCorrection(correction, await this.reader.check(bytes));
  }

  /** The whole image and its panels, and what a search for panels gave. @param isSplit whether panels are looked for */
  private async readParts({ bytes, splitBy }: ReadRecord, given: IngestRecord, isSplit: boolean): Promise<SignedParts> {
    const { detector = null, caption } = (isSplit ? splitBy : null) ?? { caption: null };
    const detected =
      detector === null || caption === null ? null : await detectPanels(bytes, caption, detector, this.reader);
    const boxes = (given.panels ?? detected?.panels ?? []).map(({ box }) => ({ box }));
    const { preparation } = this.encoder.model;
    const byRules = detected === null ? caption : null;
    const file = await this.reader.readSigned(bytes, preparation, [{}, ...boxes], byRules);
    const fault = findPanelFault(given, file);
    if (fault !== null) throw new RecordError(fault);
    return detected === null ? file : { ...file, split: detected };
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

  /**
   * Makes the whole figure ready with another caption: its caption is embedded, the vector of its image stays.
   * @param caption as a source gives it
   * @throws {FigseekError} what an encoder throws
   */
  async recaption(
    figure: Figure,
    caption: string,
    embeddings: Pick<EmbeddingStore, 'vectorOfPanel'>,
  ): Promise<PanelsWrite> {
    const whole = wholeFigure({ ...figure, caption });
    const image = await embeddings.vectorOfPanel(whole.id, this.space, 'IMAGE');
    // Without it both vectors are made later, as for any figure that the model lacks.
    if (image === null) return { panels: [whole], embeddings: [] };
    const kept = { panelId: whole.id, space: this.space };
    const text = toCaptioned(whole).caption.trim();
    const [vector] = text === '' ? [] : await this.encoder.embedTexts([text], 'interactive');
    const own = { ...kept, kind: 'IMAGE' as const, vector: image };
    const embedded = vector === undefined ? [own] : [own, { ...kept, kind: 'CAPTION' as const, vector }];
    return { panels: [whole], embeddings: embedded };
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

/** Rules need a caption with parts; a detector tells what it sees, as a suggestion, where there are none. */
function isLookedAt(caption: string, finding: PanelFinding | null): finding is PanelFinding {
  return finding !== null && (finding.detector !== null || captionParts(caption).length > 1);
}

function ruleOf({ detector }: PanelFinding): string {
  return detector === null ? splittingRule : detectionRule(detector);
}

function originOf({ panels = [] }: IngestRecord, split: PanelSplit | null): PanelOrigin | null {
  if (panels.length > 0) return 'RECORD';
  return split === null || split.panels.length === 0 ? null : split.origin;
}

function toCaptioned({ id, caption }: Panel) {
  return { id, caption: readableText(caption ?? '') };
}
