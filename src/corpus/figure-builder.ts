import { FigseekError } from '../domain/errors.js';
import type { Figure, Panel, PixelSpacing } from '../domain/figure.js';
import { articleIdOrNull } from '../domain/article-ids.js';
import {
  articleIdOf,
  imageHashOf,
  panelIdOf,
  wholeFigurePanelId,
  type FigureId,
  type ImageHash,
} from '../domain/ids.js';
import { captionParts } from '../domain/text/caption-parts.js';
import { readableText } from '../domain/readable-text.js';
import type { GivenArticle } from '../domain/article.js';
import type { FigureWrite } from '../domain/figure-write.js';
import { embedPanels } from './embed-panels.js';
import {
  buildArticleKey,
  findPanelFault,
  hashRecord,
  type ArticleRecord,
  type IngestRecord,
} from '../domain/figure-record.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { Encoder } from '../ports/encoder.js';
import type { ImageReader } from '../ports/image-reader.js';

/** The rule by which panels are found: another one finds others, and figures are stored anew by the next ingest. */
const splittingRule = 'panels by caption letters and gutters, 1';

/** A record whose image was read and hashed. */
export interface ReadRecord {
  readonly record: IngestRecord;
  readonly bytes: Uint8Array;
  readonly imageHash: ImageHash;
  readonly recordHash: string;
  /** Panels are looked for by the letters of this caption; null: the record has those that it names. */
  readonly splitBy: string | null;
}

/** Under what a record is stored. */
export interface RecordIdentity {
  readonly id: FigureId;
  /** Name of the source that it belongs to. */
  readonly source: string;
}

/** A record whose image was decoded: all but its vectors. */
export interface PreparedRecord extends ReadRecord {
  readonly identity: RecordIdentity;
  readonly width: number;
  readonly height: number;
  readonly isTransposed: boolean;
  /** Pages or frames in the file; the first one is taken. */
  readonly pages: number;
  /** uint8 [size, size, 3] for each panel, ready for the model: the whole figure, then the panels of the record */
  readonly parts: readonly Uint8Array[];
  /** Of each panel, in the same order. */
  readonly signatures: readonly Uint8Array[];
}

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
   * @throws {FigseekError} UNSUPPORTED_MEDIA, PAYLOAD_TOO_LARGE or BAD_USER_INPUT for an image that cannot be taken
   * @throws {RecordError} for a panel that does not lie within the image
   */
  async prepare(read: ReadRecord, identity: RecordIdentity): Promise<PreparedRecord> {
    const boxes = (read.record.panels ?? []).map(({ box }) => ({ box }));
    const { preparation } = this.encoder.model;
    const file = await this.reader.readSigned(read.bytes, preparation, [{}, ...boxes], read.splitBy);
    const fault = findPanelFault(read.record, file);
    if (fault !== null) throw new RecordError(fault);
    const { found, ...decoded } = file;
    const record = found.length === 0 ? read.record : { ...read.record, panels: [...found] };
    return { ...read, record, identity, ...decoded };
  }

  /** Embeds the images and captions of all panels, and keeps the image files; what it returns is ready for one transaction. */
  async embedAndBuild(prepared: readonly PreparedRecord[]): Promise<readonly FigureWrite[]> {
    const figures = prepared.map(withPanels);
    const panels = figures.flatMap((figure) => figure.panels);
    const [embeddings] = await Promise.all([
      embedPanels(
        this.encoder,
        panels.map(({ id, caption }) => ({ id, caption: readableText(caption ?? '') })),
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

/** All of a figure that its record says. */
function withPanels(item: PreparedRecord): Omit<FigureWrite, 'embeddings'> {
  const { record, recordHash } = item;
  const article = record.article === null ? null : toArticle(record.article);
  const figure = toFigure(item, article);
  const panels = [wholeFigure(figure), ...partsOfFigure(figure, record)];
  const signatures = new Map(
    panels.flatMap(({ id }, place) => {
      const signature = item.signatures[place];
      return signature === undefined ? [] : [[id, signature] as const];
    }),
  );
  return { article, figure, recordHash, panels, signatures };
}

function toArticle(given: ArticleRecord): GivenArticle {
  return {
    id: articleIdOf(buildArticleKey(given)),
    pmcid: articleIdOrNull('pmcid', given.pmcid),
    pmid: articleIdOrNull('pmid', given.pmid),
    doi: articleIdOrNull('doi', given.doi),
    title: given.title,
    authors: given.authors ?? [],
    journal: given.journal ?? null,
    year: given.year ?? null,
    license: given.license ?? null,
    licenseText: given.licenseText ?? null,
    url: given.url ?? null,
    retracted: given.retracted ?? null,
  };
}

function toFigure(prepared: PreparedRecord, article: GivenArticle | null): Figure {
  const { record, imageHash, width, height, identity } = prepared;
  return {
    id: identity.id,
    source: identity.source,
    sourceKey: record.id,
    articleId: article?.id ?? null,
    label: record.label ?? null,
    caption: record.caption?.trim() ?? '',
    alt: record.alt ?? null,
    credit: record.credit ?? null,
    license: record.license ?? null,
    licenseText: record.licenseText ?? null,
    labels: record.labels ?? [],
    mentions: record.mentions ?? [],
    modality: record.modality ?? null,
    imageHash,
    width,
    height,
    pixelSpacing: spacingAsShown(prepared),
    createdAt: new Date(),
  };
}

/** The record tells of the file; where its orientation turns it on its side, rows are what were columns. */
function spacingAsShown({ record, isTransposed }: PreparedRecord): PixelSpacing | null {
  if (record.pixelSpacing == null) return null;
  const [rows, columns] = record.pixelSpacing;
  return isTransposed ? [columns, rows] : [rows, columns];
}

function wholeFigure(figure: Figure): Panel {
  return {
    id: wholeFigurePanelId(figure.id),
    figureId: figure.id,
    label: null,
    caption: textOrNull(figure.caption),
    box: { x: 0, y: 0, width: figure.width, height: figure.height },
  };
}

/** The panels that the record names: numbers 1 and up, in its order. */
function partsOfFigure({ id }: Figure, { panels = [] }: IngestRecord): readonly Panel[] {
  return panels.map(({ label, box, caption }, place) => ({
    id: panelIdOf(id, place + 1),
    figureId: id,
    label: textOrNull(label),
    caption: textOrNull(caption),
    box,
  }));
}

/** Blanks around it say nothing. */
function textOrNull(given: string | null | undefined): string | null {
  const text = given?.trim() ?? '';
  return text === '' ? null : text;
}
