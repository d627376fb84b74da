import {
  notAMember,
  unknownCollection,
  type Collection,
  type CollectionItem,
  type CollectionItemChange,
  type RatedFigure,
  type Rating,
} from '../../domain/collection.js';
import { unknownFigure } from '../../domain/errors.js';
import type { FigureId } from '../../domain/ids.js';
import { toPage, type SeqPage } from '../../domain/page.js';
import { CurationStore, type CollectionExamples, type RatingsRequest } from '../../ports/curation-store.js';
import { changeCollection, selectItems, toItem, type ItemRow } from './collection-rows.js';
import type { Database } from './database.js';

interface RatingRow {
  readonly seq: number;
  readonly figureId: FigureId;
  readonly rating: Rating;
  readonly ratedAt: number;
  readonly isMember: number;
}

/** A row of one collection (first parameter) about one figure (second one). */
const isOfFigure = `collection_seq = (SELECT seq FROM collection WHERE id = ?1 AND deleted_at IS NULL)
  AND figure_seq = (SELECT seq FROM figure WHERE id = ?2)`;

/** Ratings in the table `collection_rating`, notes and tags in `collection_item`. */
export class SqliteCurationStore extends CurationStore {
  constructor(private readonly database: Database) {
    super();
  }

  async rate(collectionId: string, figureId: string, rating: Rating | null): Promise<Collection> {
    return changeCollection(this.database, collectionId, async (runner) => {
      const found = (await runner.query('SELECT 1 FROM figure WHERE id = ?', [figureId])) as object[];
      if (found.length === 0) throw unknownFigure(figureId);
      if (rating === null) {
        await runner.query(`DELETE FROM collection_rating WHERE ${isOfFigure}`, [collectionId, figureId]);
        return;
      }
      await runner.query(
        `INSERT INTO collection_rating (collection_seq, figure_seq, rating, rated_at)
         SELECT collection.seq, figure.seq, ?3, ?4 FROM collection, figure WHERE collection.id = ?1 AND figure.id = ?2
         ON CONFLICT (collection_seq, figure_seq) DO UPDATE SET rating = excluded.rating, rated_at = excluded.rated_at`,
        [collectionId, figureId, rating, Date.now()],
      );
    });
  }

  async annotate(
    collectionId: string,
    figureId: string,
    { note, tags }: CollectionItemChange,
  ): Promise<CollectionItem> {
    return this.database.write(async (runner) => {
      const own = [collectionId, figureId];
      if (note !== undefined)
        await runner.query(`UPDATE collection_item SET note = ?3 WHERE ${isOfFigure}`, [...own, note]);
      if (tags !== undefined)
        await runner.query(`UPDATE collection_item SET tags = ?3 WHERE ${isOfFigure}`, [...own, JSON.stringify(tags)]);
      const [row] = (await runner.query(`${selectItems} AND collection.id = ? AND figure.id = ?`, own)) as ItemRow[];
      if (row !== undefined) return toItem(row);
      const found = (await runner.query('SELECT 1 FROM collection WHERE id = ? AND deleted_at IS NULL', [
        collectionId,
      ])) as object[];
      throw found.length === 0 ? unknownCollection(collectionId) : notAMember(figureId, collectionId);
    });
  }

  async ratings(collectionId: string, { rating, after, first }: RatingsRequest): Promise<SeqPage<RatedFigure>> {
    const rows = await this.database.reader.query<RatingRow[]>(
      `SELECT rated.seq, figure.id AS figureId, rated.rating, rated.rated_at AS ratedAt, EXISTS (
         SELECT 1 FROM collection_item AS item
         WHERE item.collection_seq = rated.collection_seq AND item.figure_seq = rated.figure_seq) AS isMember
       FROM collection JOIN collection_rating AS rated ON rated.collection_seq = collection.seq
         JOIN figure ON figure.seq = rated.figure_seq
       WHERE collection.id = ?1 AND collection.deleted_at IS NULL AND rated.seq > ?2 AND rated.rating = coalesce(?3, rated.rating)
       ORDER BY rated.seq LIMIT ?4`,
      [collectionId, after, rating, first + 1],
    );
    return toPage(
      rows.map((row) => ({ ...row, ratedAt: new Date(row.ratedAt), isMember: row.isMember === 1 })),
      first,
    );
  }

  async ratedAmong(collectionId: string, figureIds: readonly string[]): Promise<ReadonlySet<FigureId>> {
    const rows = await this.database.reader.query<{ id: FigureId }[]>(
      `SELECT figure.id FROM collection JOIN collection_rating AS rated ON rated.collection_seq = collection.seq
         JOIN figure ON figure.seq = rated.figure_seq
       WHERE collection.id = ? AND collection.deleted_at IS NULL AND figure.id IN (SELECT value FROM json_each(?))`,
      [collectionId, JSON.stringify(figureIds)],
    );
    return new Set(rows.map(({ id }) => id));
  }

  async examples(collectionId: string, limit: number): Promise<CollectionExamples> {
    const newest = (table: string, condition: string) =>
      this.database.reader.query<{ id: FigureId }[]>(
        `SELECT figure.id FROM collection JOIN ${table} AS own ON own.collection_seq = collection.seq
           JOIN figure ON figure.seq = own.figure_seq
         WHERE collection.id = ? AND collection.deleted_at IS NULL AND ${condition} ORDER BY own.seq DESC LIMIT ?`,
        [collectionId, limit],
      );
    const [members, relevant, irrelevant] = await Promise.all([
      newest('collection_item', 'true'),
      newest('collection_rating', `rating = 'RELEVANT'`),
      newest('collection_rating', `rating = 'IRRELEVANT'`),
    ]);
    const idsOf = (rows: readonly { readonly id: FigureId }[]) => rows.map(({ id }) => id);
    return { members: idsOf(members), relevant: idsOf(relevant), irrelevant: idsOf(irrelevant) };
  }
}
