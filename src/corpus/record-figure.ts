import { articleIdOrNull } from '../domain/article-ids.js';
import type { GivenArticle } from '../domain/article.js';
import type { Figure, Panel, PixelSpacing } from '../domain/figure.js';
import { buildArticleKey, type ArticleRecord, type IngestRecord } from '../domain/figure-record.js';
import { editedValues, editsOver } from '../domain/figure-edit.js';
import type { FigureWrite } from '../domain/figure-write.js';
import type { ValueRange } from '../domain/value-range.js';
import { articleIdOf, panelIdOf, wholeFigurePanelId, type PanelId } from '../domain/ids.js';
import type { PreparedRecord } from './prepared-record.js';

/** All of a figure that its record says, and what people say in place of it. */
export function withPanels(item: PreparedRecord): Omit<FigureWrite, 'embeddings'> {
  const { record, recordHash, correctedAt, edits: known } = item;
  const article = record.article === null ? null : toArticle(record.article);
  const read = toFigure(item, article);
  const edits = known === null ? null : { at: known.at, kept: editsOver(known.kept, read) };
  const figure = edits === null ? read : { ...read, ...editedValues(edits.kept) };
  const panels = [wholeFigure(figure), ...partsOfFigure(figure, record)];
  return { article, figure, recordHash, panels, signatures: signaturesOf(panels, item.signatures), correctedAt, edits };
}

/** @param signatures of the panels, in their order */
export function signaturesOf(
  panels: readonly Panel[],
  signatures: readonly Uint8Array[],
): ReadonlyMap<PanelId, Uint8Array> {
  return new Map(
    panels.flatMap(({ id }, place) => {
      const signature = signatures[place];
      return signature === undefined ? [] : [[id, signature] as const];
    }),
  );
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
    valueRange: prepared.range ?? rangeOfRecord(record),
    panelOrigin: prepared.panelOrigin,
    panelSuggestion: prepared.panelSuggestion,
    createdAt: new Date(),
  };
}

function rangeOfRecord({ valueRange }: IngestRecord): ValueRange | null {
  return valueRange == null ? null : { low: valueRange.low, high: valueRange.high, by: 'file' };
}

/** The record tells of the file; where its orientation turns it on its side, rows are what were columns. */
function spacingAsShown({ record, isTransposed }: PreparedRecord): PixelSpacing | null {
  if (record.pixelSpacing == null) return null;
  const [rows, columns] = record.pixelSpacing;
  return isTransposed ? [columns, rows] : [rows, columns];
}

export function wholeFigure(figure: Figure): Panel {
  return {
    id: wholeFigurePanelId(figure.id),
    figureId: figure.id,
    label: null,
    caption: textOrNull(figure.caption),
    box: { x: 0, y: 0, width: figure.width, height: figure.height },
  };
}

/** The panels that the record names: numbers 1 and up, in its order. */
export function partsOfFigure({ id }: Figure, { panels = [] }: Pick<IngestRecord, 'panels'>): readonly Panel[] {
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
