import type { QueryRunner } from 'typeorm';
import { FigseekError, unknownFigure } from '../../domain/errors.js';
import type { CorrectionWrite, FigureWrite } from '../../domain/figure-write.js';
import type { FigureId, ImageHash } from '../../domain/ids.js';
import { FigureWriter } from '../../ports/figure-writer.js';
import { keyOrNull, upsertArticle } from './article-rows.js';
import { advanceCorpusVersion } from './corpus-state.js';
import type { Database } from './database.js';
import { isDeleted, rememberDeleted, restoreCollections } from './deleted-figures.js';
import { keepLabels } from './figure-labels.js';
import { indexWords } from './keywords/word-index.js';
import { insertPanels } from './panel-rows.js';

/** Raw SQL: `save` of an ORM reaches 7,000 rows/s against 18,000. */
export class SqliteFigureWriter extends FigureWriter {
  constructor(private readonly database: Database) {
    super();
  }

  replace(bundles: readonly FigureWrite[]): Promise<readonly FigureId[]> {
    return this.database.write(async (runner) => {
      const passedOver: FigureId[] = [];
      for (const bundle of bundles) {
        if (await isChangedSince(runner, bundle)) passedOver.push(bundle.figure.id);
        else await replaceOne(runner, bundle);
      }
      await advanceCorpusVersion(runner);
      return passedOver;
    });
  }

  correctPanels(correction: CorrectionWrite): Promise<void> {
    const { figureId, imageHash } = correction;
    return this.database.write(async (runner) => {
      const { seq, imageHash: present } = await rowOf(runner, figureId);
      if (present !== imageHash) {
        throw new FigseekError(
          'CONFLICT',
          `The figure ${figureId} was given another image meanwhile; look at it again`,
        );
      }
      await runner.query('DELETE FROM panel WHERE figure_id = ? AND ordinal > 0', [figureId]);
      await insertPanels(runner, seq, correction, 1);
      await runner.query(
        `UPDATE figure SET panel_origin = 'PERSON', panel_suggestion = NULL,
           panels_corrected_at = max(?, coalesce(panels_corrected_at, 0) + 1) WHERE seq = ?`,
        [Date.now(), seq],
      );
      await indexWords(runner, 'figure.seq', seq);
      await advanceCorpusVersion(runner);
    });
  }

  releasePanels(id: string): Promise<void> {
    return this.database.write(async (runner) => {
      const { seq } = await rowOf(runner, id);
      // With another hash, the record is no longer what it was when it was read.
      await runner.query(
        `UPDATE figure SET panel_origin = NULL, panels_corrected_at = NULL, record_hash = '' WHERE seq = ?`,
        [seq],
      );
    });
  }

  delete(
    ids: readonly string[],
    by: 'person' | 'prune' = 'person',
  ): Promise<readonly { readonly id: FigureId; readonly imageHash: ImageHash }[]> {
    return this.database.write(async (runner) => {
      const list = [JSON.stringify(ids)];
      const found = (await runner.query(
        `SELECT seq, id, image_hash AS imageHash FROM figure WHERE id IN (SELECT value FROM json_each(?))`,
        list,
      )) as { seq: number; id: FigureId; imageHash: ImageHash }[];
      for (const { seq } of found) {
        await rememberDeleted(runner, seq, by);
        await runner.query('DELETE FROM figure WHERE seq = ?', [seq]);
      }
      if (found.length > 0) await advanceCorpusVersion(runner);
      return found.map(({ id, imageHash }) => ({ id, imageHash }));
    });
  }
}

async function replaceOne(runner: QueryRunner, bundle: FigureWrite): Promise<void> {
  const articleId = bundle.article === null ? null : await upsertArticle(runner, bundle.article);
  const seq = await upsertFigure(runner, bundle, articleId);
  // Panels and vectors of the former state go with it: a new vector gets a new seq and joins the delta.
  await runner.query('DELETE FROM panel WHERE figure_id = ?', [bundle.figure.id]);
  await insertPanels(runner, seq, bundle, 0);
  await keepLabels(runner, seq, bundle.figure.labels);
  await indexWords(runner, 'figure.seq', seq);
}

/** @throws {FigseekError} NOT_FOUND */
async function rowOf(
  runner: QueryRunner,
  id: string,
): Promise<{ readonly seq: number; readonly imageHash: ImageHash }> {
  const [row] = (await runner.query('SELECT seq, image_hash AS imageHash FROM figure WHERE id = ?', [id])) as {
    seq: number;
    imageHash: ImageHash;
  }[];
  if (row === undefined) throw unknownFigure(id);
  return row;
}

/** Whether a person changed the figure, corrected the panels, gave a correction up, or deleted the figure after this was made. */
async function isChangedSince(runner: QueryRunner, write: FigureWrite): Promise<boolean> {
  const { figure, correctedAt = null, edits = null, mayRestore = true } = write;
  const [row] = (await runner.query(
    'SELECT panels_corrected_at AS at, edited_at AS editedAt FROM figure WHERE id = ?',
    [figure.id],
  )) as { at: number | null; editedAt: number | null }[];
  if (row !== undefined) return row.at !== correctedAt || row.editedAt !== (edits?.at ?? null);
  return !mayRestore && (await isDeleted(runner, figure));
}

/** The parameters are those of `listColumns`. A figure of another source stays as it is. */
const upsertStatement = `
  INSERT INTO figure (id, source, source_key, article_id, label, caption, alt, credit, license, labels, mentions, modality,
    image_hash, width, height, pixel_spacing, record_hash, created_at, license_key, modality_key, license_text,
    panel_origin, panel_suggestion, panels_corrected_at, value_range, edits, edited_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET source = excluded.source, article_id = excluded.article_id, label = excluded.label,
    caption = excluded.caption, alt = excluded.alt, credit = excluded.credit, license = excluded.license,
    labels = excluded.labels, mentions = excluded.mentions, modality = excluded.modality, image_hash = excluded.image_hash,
    width = excluded.width, height = excluded.height, pixel_spacing = excluded.pixel_spacing, record_hash = excluded.record_hash,
    license_key = excluded.license_key, modality_key = excluded.modality_key, license_text = excluded.license_text,
    panel_origin = excluded.panel_origin, panel_suggestion = excluded.panel_suggestion,
    panels_corrected_at = excluded.panels_corrected_at, value_range = excluded.value_range,
    edits = excluded.edits, edited_at = excluded.edited_at
  WHERE source IN ('', excluded.source) AND source_key = excluded.source_key`;

/** The values of a row, in the order of the columns of `upsertStatement`. */
function listColumns(
  { figure, recordHash, correctedAt = null, edits = null }: FigureWrite,
  articleId: string | null,
): readonly unknown[] {
  return [
    figure.id,
    figure.source,
    figure.sourceKey,
    articleId,
    figure.label,
    figure.caption,
    figure.alt,
    figure.credit,
    figure.license,
    JSON.stringify(figure.labels),
    JSON.stringify(figure.mentions),
    figure.modality,
    figure.imageHash,
    figure.width,
    figure.height,
    figure.pixelSpacing === null ? null : JSON.stringify(figure.pixelSpacing),
    recordHash,
    figure.createdAt.getTime(),
    keyOrNull(figure.license),
    keyOrNull(figure.modality),
    figure.licenseText,
    figure.panelOrigin,
    figure.panelSuggestion === null ? null : JSON.stringify(figure.panelSuggestion),
    figure.panelOrigin === 'PERSON' ? correctedAt : null,
    figure.valueRange === null ? null : JSON.stringify(figure.valueRange),
    edits === null ? null : JSON.stringify(edits.kept),
    edits?.at ?? null,
  ];
}

/** @returns the figure's number @throws {FigseekError} CONFLICT where the figure belongs to another source */
async function upsertFigure(runner: QueryRunner, write: FigureWrite, articleId: string | null): Promise<number> {
  const { figure } = write;
  await runner.query(upsertStatement, [...listColumns(write, articleId)]);
  const [row] = (await runner.query('SELECT seq FROM figure WHERE id = ? AND source = ?', [
    figure.id,
    figure.source,
  ])) as { seq: number }[];
  if (row === undefined) {
    throw new FigseekError(
      'CONFLICT',
      `Another ingest stored a figure with the key ${figure.sourceKey} of another source at the same time; run this one again`,
    );
  }
  await restoreCollections(runner, row.seq, figure);
  return row.seq;
}
