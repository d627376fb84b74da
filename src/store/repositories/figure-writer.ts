import type { QueryRunner } from 'typeorm';
import type { Article, Figure, Panel } from '../../domain/figure.js';
import { vectorToBytes } from '../../domain/vector.js';
import type { VectorKind } from '../../domain/search.js';
import type { Database } from '../database.js';
import { indexWords } from '../keywords/word-index.js';

/** An article as one record tells of it: null, or no author at all, is “not said”, never “there is none”. */
export interface GivenArticle extends Omit<Article, 'retracted'> {
  readonly retracted: boolean | null;
}

/** A figure with all that stands or falls with it: one transaction writes it, or nothing of it. */
export interface FigureBundle {
  readonly article: GivenArticle | null;
  readonly figure: Figure;
  readonly recordHash: string;
  readonly panels: readonly Panel[];
  readonly embeddings: readonly NewEmbedding[];
}

export interface NewEmbedding {
  readonly panelId: string;
  readonly space: string;
  readonly kind: VectorKind;
  readonly vector: Float32Array;
}

/** A vector made after its figure was stored, from what the record with this hash held. */
export interface LateEmbedding extends NewEmbedding {
  readonly recordHash: string;
}

/** Writes figures. Raw SQL: `save` of an ORM reaches 7,000 rows/s against 18,000 (design/architecture.md). */
export class FigureWriter {
  constructor(private readonly database: Database) {}

  /** Adds the figures, or puts them in the place of those with the same source key; all in one transaction. */
  replace(bundles: readonly FigureBundle[]): Promise<void> {
    return this.database.write(async (runner) => {
      for (const bundle of bundles) await replaceOne(runner, bundle);
      await tellChange(runner);
    });
  }

  /** Adds vectors of another space to panels that exist; a figure changed or deleted meanwhile is passed over. */
  addEmbeddings(embeddings: readonly LateEmbedding[]): Promise<void> {
    return this.database.write(async (runner) => {
      for (const embedding of embeddings) {
        if (await isUnchanged(runner, embedding)) await insertEmbedding(runner, embedding);
      }
      await tellChange(runner);
    });
  }

  /**
   * Deletes the vectors of a space, a part at a time, so that no other writer waits for long.
   * @returns how many
   */
  async forgetSpace(space: string): Promise<number> {
    for (let forgotten = 0; ;) {
      const deleted = await this.database.write(async (runner) => {
        const rows = (await runner.query('SELECT seq FROM embedding WHERE space = ? LIMIT 2000', [space])) as {
          seq: number;
        }[];
        const list = JSON.stringify(rows.map(({ seq }) => seq));
        await runner.query('DELETE FROM embedding WHERE seq IN (SELECT value FROM json_each(?))', [list]);
        return rows.length;
      });
      forgotten += deleted;
      if (deleted === 0) return forgotten;
    }
  }

  /** Deletes figures with all that belongs to them; @returns the ids that were there, with the hashes of their images */
  delete(ids: readonly string[]): Promise<readonly { readonly id: string; readonly imageHash: string }[]> {
    return this.database.write(async (runner) => {
      const list = [JSON.stringify(ids)];
      const found = (await runner.query(
        `SELECT seq, id, image_hash AS imageHash FROM figure WHERE id IN (SELECT value FROM json_each(?))`,
        list,
      )) as { seq: number; id: string; imageHash: string }[];
      for (const { seq } of found) {
        await runner.query('DELETE FROM figure_words WHERE rowid = ?', [seq]);
        await runner.query('DELETE FROM figure WHERE seq = ?', [seq]);
      }
      if (found.length > 0) await tellChange(runner);
      return found.map(({ id, imageHash }) => ({ id, imageHash }));
    });
  }
}

/** What was computed for the corpus as it was is not asked for again. */
async function tellChange(runner: QueryRunner): Promise<void> {
  await runner.query(`UPDATE property SET value = CAST(value AS INTEGER) + 1 WHERE name = 'corpus_version'`);
}

async function replaceOne(runner: QueryRunner, bundle: FigureBundle): Promise<void> {
  if (bundle.article !== null) await upsertArticle(runner, bundle.article);
  const seq = await upsertFigure(runner, bundle);
  // Panels and vectors of the former state go with it: a new vector gets a new seq and joins the delta.
  await runner.query('DELETE FROM panel WHERE figure_id = ?', [bundle.figure.id]);
  for (const [ordinal, panel] of bundle.panels.entries()) await insertPanel(runner, panel, ordinal);
  for (const embedding of bundle.embeddings) await insertEmbedding(runner, embedding);
  await keepLabels(runner, seq, bundle.figure.labels);
  await indexWords(runner, 'figure.seq', seq);
}

async function keepLabels(runner: QueryRunner, seq: number, labels: readonly string[]): Promise<void> {
  await runner.query('DELETE FROM figure_label WHERE figure_seq = ?', [seq]);
  await runner.query('INSERT OR IGNORE INTO figure_label (figure_seq, label) SELECT ?, value FROM json_each(?)', [
    seq,
    JSON.stringify(labels),
  ]);
}

/** Writes what this record says of the article; what only an earlier record said stays. */
async function upsertArticle(runner: QueryRunner, article: GivenArticle): Promise<void> {
  const before = await articleWords(runner, article.id);
  await runner.query(
    `INSERT INTO article (id, pmcid, pmid, doi, title, authors, journal, year, license, url, retracted)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, COALESCE(?11, 0))
     ON CONFLICT (id) DO UPDATE SET pmcid = COALESCE(excluded.pmcid, pmcid), pmid = COALESCE(excluded.pmid, pmid),
       doi = COALESCE(excluded.doi, doi), title = excluded.title,
       authors = CASE excluded.authors WHEN '[]' THEN authors ELSE excluded.authors END,
       journal = COALESCE(excluded.journal, journal), year = COALESCE(excluded.year, year),
       license = COALESCE(excluded.license, license), url = COALESCE(excluded.url, url),
       retracted = COALESCE(?11, retracted)`,
    [
      article.id,
      article.pmcid,
      article.pmid,
      article.doi,
      article.title,
      JSON.stringify(article.authors),
      article.journal,
      article.year,
      article.license,
      article.url,
      article.retracted === null ? null : Number(article.retracted),
    ],
  );
  const after = await articleWords(runner, article.id);
  if (before !== null && before !== after) await indexWords(runner, 'figure.article_id', article.id);
}

/** What the keyword index holds of an article: its figures are found by these words too. */
async function articleWords(runner: QueryRunner, id: string): Promise<string | null> {
  const rows = (await runner.query('SELECT title, journal, pmcid, pmid, doi FROM article WHERE id = ?', [
    id,
  ])) as object[];
  return rows[0] === undefined ? null : JSON.stringify(rows[0]);
}

async function upsertFigure(runner: QueryRunner, { figure, recordHash }: FigureBundle): Promise<number> {
  await runner.query(
    `INSERT INTO figure (id, source_key, article_id, label, caption, alt, credit, license, labels, mentions, modality,
       image_hash, width, height, pixel_spacing, record_hash, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET article_id = excluded.article_id, label = excluded.label,
       caption = excluded.caption, alt = excluded.alt, credit = excluded.credit, license = excluded.license,
       labels = excluded.labels, mentions = excluded.mentions, modality = excluded.modality, image_hash = excluded.image_hash,
       width = excluded.width, height = excluded.height, pixel_spacing = excluded.pixel_spacing, record_hash = excluded.record_hash`,
    [
      figure.id,
      figure.sourceKey,
      figure.articleId,
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
    ],
  );
  const rows = (await runner.query('SELECT seq FROM figure WHERE id = ?', [figure.id])) as { seq: number }[];
  const [row] = rows;
  if (row === undefined) throw new Error(`Figure ${figure.id} is not there after its insert`);
  return row.seq;
}

async function insertPanel(runner: QueryRunner, panel: Panel, ordinal: number): Promise<void> {
  await runner.query(
    `INSERT INTO panel (id, figure_id, ordinal, label, caption, x, y, width, height) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      panel.id,
      panel.figureId,
      ordinal,
      panel.label,
      panel.caption,
      panel.box.x,
      panel.box.y,
      panel.box.width,
      panel.box.height,
    ],
  );
}

// A panel keeps its id when an ingest puts another image in its place: a vector of the old one must not join it.
async function isUnchanged(runner: QueryRunner, { panelId, recordHash }: LateEmbedding): Promise<boolean> {
  const found = (await runner.query(
    'SELECT 1 FROM panel JOIN figure ON figure.id = panel.figure_id WHERE panel.id = ? AND figure.record_hash = ?',
    [panelId, recordHash],
  )) as object[];
  return found.length > 0;
}

async function insertEmbedding(runner: QueryRunner, embedding: NewEmbedding): Promise<void> {
  await runner.query(
    `INSERT INTO embedding (panel_id, figure_seq, space, kind, vector)
     SELECT panel.id, figure.seq, ?, ?, ? FROM panel JOIN figure ON figure.id = panel.figure_id WHERE panel.id = ?
     ON CONFLICT (panel_id, space, kind) DO NOTHING`,
    [embedding.space, embedding.kind, vectorToBytes(embedding.vector), embedding.panelId],
  );
}
