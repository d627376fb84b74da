import { In, MoreThan, type Repository } from 'typeorm';
import { normalizeArticleId } from '../../domain/article-ids.js';
import type { Article, Figure, Panel } from '../../domain/figure.js';
import type { ArticleId, FigureId, ImageHash, PanelId } from '../../domain/ids.js';
import { readableText, readableTextOrNull } from '../../domain/readable-text.js';
import { FigureStore } from '../../ports/figure-store.js';
import type { Database } from './database.js';
import { ArticleEntity } from './entities/article.entity.js';
import { FigureEntity, PanelEntity } from './entities/figure.entity.js';

/** One way to name an article. */
export type ArticleReference = Readonly<Record<'id' | 'pmcid' | 'pmid' | 'doi', string | null>>;

/** A figure as it stood when it was read: another record hash later means that it was changed. */
interface FigureRow {
  readonly seq: number;
  readonly recordHash: string;
  readonly figure: Figure;
}

/** A panel without an image vector, with what it takes to make one. */
export interface UnembeddedPanel {
  /** The number of its row, which only grows. */
  readonly seq: number;
  readonly panel: Panel;
  readonly sourceKey: string;
  readonly imageHash: ImageHash;
  /** As it stood when it was read: another one later means that the figure was changed. */
  readonly recordHash: string;
}

/** What is stored under a source key, or was until it was deleted. */
export interface StoredRecord {
  readonly id: FigureId;
  readonly source: string;
  /** Null where it was deleted. */
  readonly stored: {
    readonly recordHash: string;
    readonly imageHash: ImageHash;
    /** Whether the model has an image vector of each of its panels. */
    readonly isEmbedded: boolean;
  } | null;
}

interface RecordRow {
  readonly id: FigureId;
  readonly source: string;
  readonly key: string;
  readonly recordHash: string | null;
  readonly imageHash: ImageHash | null;
  readonly isEmbedded: number;
}

interface UnembeddedRow extends Omit<PanelEntity, 'ordinal'>, Omit<UnembeddedPanel, 'seq' | 'panel'> {}

/** Reads figures, panels and articles: by ids, in one query each. */
export class FigureReader extends FigureStore {
  private readonly figures: Repository<FigureEntity>;
  private readonly panels: Repository<PanelEntity>;
  private readonly articles: Repository<ArticleEntity>;

  constructor(private readonly database: Database) {
    super();
    this.figures = database.reader.getRepository(FigureEntity);
    this.panels = database.reader.getRepository(PanelEntity);
    this.articles = database.reader.getRepository(ArticleEntity);
  }

  async figure(id: string): Promise<Figure | null> {
    const row = await this.figures.findOneBy({ id });
    return row === null ? null : toFigure(row);
  }

  async figuresByIds(ids: readonly string[]): Promise<ReadonlyMap<FigureId, Figure>> {
    const rows = await this.figures.findBy({ id: In(ids) });
    return new Map(rows.map((row) => [row.id as FigureId, toFigure(row)]));
  }

  /** @param after one of its figures: those behind it. @returns null where the article has no figure `after` */
  async figuresOfArticle(articleId: string, limit: number, after: string | null): Promise<readonly Figure[] | null> {
    const last = after === null ? null : await this.figures.findOneBy({ articleId, id: after });
    if (after !== null && last === null) return null;
    const where = last === null ? { articleId } : { articleId, seq: MoreThan(last.seq) };
    return (await this.figures.find({ where, order: { seq: 'ASC' }, take: limit })).map(toFigure);
  }

  async panel(id: string): Promise<Panel | null> {
    const row = await this.panels.findOneBy({ id });
    return row === null ? null : toPanel(row);
  }

  /**
   * Figures of the source that reads an input, and those that are older than sources and were claimed by none.
   * @param keys of its records: a figure with another key is not its
   */
  async idsOfSource(input: string, keys: readonly string[]): Promise<readonly FigureId[]> {
    const rows = await this.database.reader.query<{ id: FigureId }[]>(
      `SELECT id FROM figure WHERE source_key IN (SELECT value FROM json_each(?2))
         AND (source = '' OR source IN (SELECT name FROM source WHERE input = ?1)) ORDER BY seq`,
      [input, JSON.stringify(keys)],
    );
    return rows.map(({ id }) => id);
  }

  /** Panels of the figures, in their order; panel 0 first. */
  async panelsOfFigures(ids: readonly string[]): Promise<readonly Panel[]> {
    return (await this.panels.find({ where: { figureId: In(ids) }, order: { ordinal: 'ASC' } })).map(toPanel);
  }

  async panelsByIds(ids: readonly string[]): Promise<ReadonlyMap<PanelId, Panel>> {
    const rows = await this.panels.findBy({ id: In(ids) });
    return new Map(rows.map((row) => [row.id as PanelId, toPanel(row)]));
  }

  /** The article of each figure that has one. */
  async articlesOfFigures(ids: readonly string[]): Promise<ReadonlyMap<FigureId, ArticleId>> {
    const rows = await this.database.reader.query<{ id: FigureId; articleId: ArticleId }[]>(
      `SELECT id, article_id AS articleId FROM figure
       WHERE id IN (SELECT value FROM json_each(?)) AND article_id IS NOT NULL`,
      [JSON.stringify(ids)],
    );
    return new Map(rows.map(({ id, articleId }) => [id, articleId]));
  }

  /** Image hash of each figure that exists. */
  async imageHashes(ids: readonly string[]): Promise<ReadonlyMap<FigureId, ImageHash>> {
    const rows = await this.database.reader.query<{ id: FigureId; hash: ImageHash }[]>(
      `SELECT id, image_hash AS hash FROM figure WHERE id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(ids)],
    );
    return new Map(rows.map(({ id, hash }) => [id, hash]));
  }

  async isImageUsed(hash: ImageHash): Promise<boolean> {
    return this.figures.existsBy({ imageHash: hash });
  }

  /** By their ids, or by those that they had before they were merged. */
  async articlesByIds(ids: readonly string[]): Promise<ReadonlyMap<ArticleId, Article>> {
    const aliases = await this.database.reader.query<{ formerId: ArticleId; articleId: ArticleId }[]>(
      `SELECT former_id AS formerId, article_id AS articleId FROM article_alias
       WHERE former_id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(ids)],
    );
    const rows = await this.articles.findBy({ id: In([...ids, ...aliases.map(({ articleId }) => articleId)]) });
    const found = new Map(rows.map((row) => [row.id as ArticleId, toArticle(row)]));
    for (const { formerId, articleId } of aliases) {
      const article = found.get(articleId);
      // An id that was given again is the article’s that has it now.
      if (article !== undefined && !found.has(formerId)) found.set(formerId, article);
    }
    return found;
  }

  /** An article by any way of writing its id. */
  async article(reference: ArticleReference): Promise<Article | null> {
    const [given] = Object.entries(reference).filter(([, value]) => value !== null);
    if (given === undefined) return null;
    const [kind, value] = given as [keyof ArticleReference, string];
    if (kind === 'id') return (await this.articlesByIds([value])).get(value as ArticleId) ?? null;
    const row = await this.articles.findOneBy({ [kind]: normalizeArticleId(kind, value) });
    return row === null ? null : toArticle(row);
  }

  /** What the sources have under each key: tells an ingest what is unchanged, and what `space` has no vector of. */
  async storedRecords(
    sourceKeys: readonly string[],
    space: string,
  ): Promise<ReadonlyMap<string, readonly StoredRecord[]>> {
    const rows = await this.database.reader.query<RecordRow[]>(
      `SELECT id, source, source_key AS key, record_hash AS recordHash, image_hash AS imageHash,
         NOT EXISTS (SELECT 1 FROM panel WHERE panel.figure_id = figure.id AND ${lacksImageVector('?1')}) AS isEmbedded
       FROM figure WHERE source_key IN (SELECT value FROM json_each(?2))
       UNION ALL SELECT figure_id, source, source_key, NULL, NULL, 0
       FROM deleted_figure WHERE source_key IN (SELECT value FROM json_each(?2))`,
      [space, JSON.stringify(sourceKeys)],
    );
    const byKey = new Map<string, StoredRecord[]>();
    for (const { id, source, key, recordHash, imageHash, isEmbedded } of rows) {
      const stored =
        recordHash === null || imageHash === null ? null : { recordHash, imageHash, isEmbedded: isEmbedded === 1 };
      byKey.set(key, [...(byKey.get(key) ?? []), { id, source, stored }]);
    }
    return byKey;
  }

  /** Figures in the order of their making, after row `seq`. */
  async figuresAfter(seq: number, limit: number): Promise<readonly FigureRow[]> {
    const rows = await this.figures
      .createQueryBuilder('figure')
      .where('figure.seq > :seq', { seq })
      .orderBy('figure.seq')
      .limit(limit)
      .getMany();
    return rows.map(toFigureRow);
  }

  /** Panels that have no image vector in `space`, in the order of their making, after row `seq`. */
  async listPanelsMissingEmbedding(space: string, seq: number, limit: number): Promise<readonly UnembeddedPanel[]> {
    const rows = await this.database.reader.query<UnembeddedRow[]>(
      `SELECT panel.seq, panel.id, panel.figure_id AS figureId, panel.label, panel.caption,
         panel.x, panel.y, panel.width, panel.height,
         figure.source_key AS sourceKey, figure.image_hash AS imageHash, figure.record_hash AS recordHash
       FROM panel JOIN figure ON figure.id = panel.figure_id
       WHERE panel.seq > ?1 AND ${lacksImageVector('?2')} ORDER BY panel.seq LIMIT ?3`,
      [seq, space, limit],
    );
    return rows.map((row) => {
      const { sourceKey, imageHash, recordHash } = row;
      return { seq: row.seq, panel: toPanel(row), sourceKey, imageHash, recordHash };
    });
  }

  /** How many panels have no image vector in `space`. */
  async countPanelsMissingEmbedding(space: string): Promise<number> {
    const [row] = await this.database.reader.query<{ count: number }[]>(
      `SELECT COUNT(*) AS count FROM panel WHERE ${lacksImageVector('?1')}`,
      [space],
    );
    return row?.count ?? 0;
  }

  /** At most `count` figures at even distances in the order of their making: the same ones each time. */
  async sampleEvenly(count: number): Promise<readonly Figure[]> {
    const rows = await this.database.reader.query<{ id: string }[]>(
      `SELECT id FROM (SELECT id, seq, ROW_NUMBER() OVER (ORDER BY seq) - 1 AS place, COUNT(*) OVER () AS total FROM figure)
       WHERE place = 0 OR (place * ?) / total > ((place - 1) * ?) / total ORDER BY seq`,
      [count, count],
    );
    const figures = await this.figures.find({ where: { id: In(rows.map(({ id }) => id)) }, order: { seq: 'ASC' } });
    return figures.map(toFigure);
  }

  async counts(): Promise<{ articles: number; figures: number; panels: number }> {
    const [articles, figures, panels] = await Promise.all([
      this.articles.count(),
      this.figures.count(),
      this.panels.count(),
    ]);
    return { articles, figures, panels };
  }

  /** How many figures carry each value, most frequent first. */
  async countBy(field: 'modality' | 'license' | 'year'): Promise<readonly { value: string; count: number }[]> {
    const column = field === 'year' ? 'article.year' : `COALESCE(figure.${field}, '')`;
    return this.database.reader.query<{ value: string; count: number }[]>(
      `SELECT CAST(${column} AS TEXT) AS value, COUNT(*) AS count
       FROM figure LEFT JOIN article ON article.id = figure.article_id
       WHERE ${column} IS NOT NULL AND ${column} <> ''
       GROUP BY 1 ORDER BY 2 DESC, 1`,
    );
  }
}

/** A condition on `panel`. @param space a bound parameter */
function lacksImageVector(space: string): string {
  return `NOT EXISTS (SELECT 1 FROM embedding
    WHERE embedding.panel_id = panel.id AND embedding.space = ${space} AND embedding.kind = 'IMAGE')`;
}

function toFigureRow(row: FigureEntity): FigureRow {
  return { seq: row.seq, recordHash: row.recordHash, figure: toFigure(row) };
}

/** Texts are kept as their source gives them; what they mean is read from them here. */
function toFigure(row: FigureEntity): Figure {
  return {
    ...row,
    caption: readableText(row.caption),
    alt: readableTextOrNull(row.alt),
    mentions: row.mentions.map(readableText),
    id: row.id as FigureId,
    articleId: row.articleId as ArticleId | null,
    imageHash: row.imageHash as ImageHash,
    createdAt: new Date(row.createdAt),
  };
}

function toPanel(row: Omit<PanelEntity, 'ordinal'>): Panel {
  const { x, y, width, height } = row;
  return {
    id: row.id as PanelId,
    figureId: row.figureId as FigureId,
    label: row.label,
    caption: readableTextOrNull(row.caption),
    box: { x, y, width, height },
  };
}

function toArticle(row: ArticleEntity): Article {
  return { ...row, id: row.id as ArticleId, title: readableText(row.title) };
}
