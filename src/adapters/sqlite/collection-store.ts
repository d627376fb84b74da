import { randomBytes } from 'node:crypto';
import type { QueryRunner } from 'typeorm';
import {
  noDeletedCollection,
  restorableSince,
  unknownCollection,
  type Collection,
  type CollectionChange,
  type CollectionItem,
} from '../../domain/collection.js';
import type { CollectionId, FigureId } from '../../domain/ids.js';
import { toPage, type SeqPage } from '../../domain/page.js';
import { CollectionStore } from '../../ports/collection-store.js';
import {
  bumpVersion,
  changeCollection,
  expectFigures,
  selectCollections,
  selectItems,
  toCollection,
  toItem,
  type CollectionRow,
  type ItemRow,
} from './collection-rows.js';
import type { Database } from './database.js';

/** Collections in the tables `collection`, `collection_item` and `removed_collection_item`. */
export class SqliteCollectionStore extends CollectionStore {
  constructor(private readonly database: Database) {
    super();
  }

  async byIds(ids: readonly string[]): Promise<ReadonlyMap<CollectionId, Collection>> {
    const rows = await this.read<CollectionRow>(`${selectCollections} AND id IN (SELECT value FROM json_each(?))`, [
      JSON.stringify(ids),
    ]);
    return new Map(rows.map((row) => [row.id, toCollection(row)]));
  }

  async page(after: number, first: number): Promise<SeqPage<Collection>> {
    const rows = await this.read<CollectionRow>(`${selectCollections} AND seq > ? ORDER BY seq LIMIT ?`, [
      after,
      first + 1,
    ]);
    return toPage(
      rows.map((row) => ({ seq: row.seq, ...toCollection(row) })),
      first,
    );
  }

  async items(id: string, after: number, first: number): Promise<SeqPage<CollectionItem>> {
    const rows = await this.read<ItemRow>(
      `${selectItems} AND collection.id = ? AND item.seq > ? ORDER BY item.seq LIMIT ?`,
      [id, after, first + 1],
    );
    return toPage(rows.map(toItem), first);
  }

  async ofFigures(figureIds: readonly string[]): Promise<ReadonlyMap<FigureId, readonly Collection[]>> {
    const rows = await this.read<CollectionRow & { figureId: FigureId }>(
      `SELECT figure.id AS figureId, own.* FROM figure JOIN collection_item ON figure_seq = figure.seq
         JOIN (${selectCollections}) AS own ON own.seq = collection_seq
       WHERE figure.id IN (SELECT value FROM json_each(?)) ORDER BY own.seq`,
      [JSON.stringify(figureIds)],
    );
    const found = new Map<FigureId, Collection[]>();
    for (const row of rows) found.set(row.figureId, [...(found.get(row.figureId) ?? []), toCollection(row)]);
    return found;
  }

  async create(name: string, description: string | null): Promise<Collection> {
    const id = `col_${randomBytes(12).toString('hex')}`;
    return changeCollection(this.database, id, (runner) =>
      runner.query('INSERT INTO collection (id, name, description, created_at) VALUES (?, ?, ?, ?)', [
        id,
        name,
        description,
        Date.now(),
      ]),
    );
  }

  async update(id: string, { name, description }: CollectionChange): Promise<Collection> {
    return changeCollection(this.database, id, async (runner) => {
      if (name !== undefined) await runner.query('UPDATE collection SET name = ? WHERE id = ?', [name, id]);
      if (description !== undefined)
        await runner.query('UPDATE collection SET description = ? WHERE id = ?', [description, id]);
    });
  }

  async delete(id: string): Promise<void> {
    await this.database.write(async (runner) => {
      const found = (await runner.query('SELECT 1 FROM collection WHERE id = ? AND deleted_at IS NULL', [
        id,
      ])) as object[];
      if (found.length === 0) throw unknownCollection(id);
      await runner.query('UPDATE collection SET deleted_at = ? WHERE id = ?', [Date.now(), id]);
      await runner.query('DELETE FROM collection WHERE deleted_at < ?', [restorableSince()]);
      await bumpVersion(runner);
    });
  }

  async restore(id: string): Promise<Collection> {
    return changeCollection(this.database, id, async (runner) => {
      const found = (await runner.query('SELECT 1 FROM collection WHERE id = ? AND coalesce(deleted_at, ?2) >= ?2', [
        id,
        restorableSince(),
      ])) as object[];
      if (found.length === 0) throw noDeletedCollection(id);
      await runner.query('UPDATE collection SET deleted_at = NULL WHERE id = ?', [id]);
      await bumpVersion(runner);
    });
  }

  async add(id: string, figureIds: readonly string[], note: string | null): Promise<Collection> {
    return changeCollection(this.database, id, async (runner) => {
      await expectFigures(runner, figureIds);
      const list = JSON.stringify([...new Set(figureIds)]);
      // Without a former number, NULL lets SQLite give the next one.
      await runner.query(
        `INSERT INTO collection_item (seq, collection_seq, figure_seq, note, tags, added_at)
         SELECT former.seq, collection.seq, figure.seq, coalesce(?2, former.note), coalesce(former.tags, '[]'),
           coalesce(former.added_at, ?3)
         FROM json_each(?4) AS given JOIN figure ON figure.id = given.value JOIN collection ON collection.id = ?1
           LEFT JOIN removed_collection_item AS former ON former.collection_seq = collection.seq
             AND former.figure_seq = figure.seq AND former.removed_at >= ?5
         WHERE true ORDER BY given.key
         ON CONFLICT (collection_seq, figure_seq) DO UPDATE SET note = COALESCE(?2, note)`,
        [id, note, Date.now(), list, restorableSince()],
      );
      await restoreRatings(runner, id, list);
      await bumpVersion(runner);
    });
  }

  async remove(id: string, figureIds: readonly string[]): Promise<Collection> {
    return changeCollection(this.database, id, async (runner) => {
      const list = JSON.stringify(figureIds);
      await rememberRemoved(runner, id, list);
      await runner.query(`DELETE FROM collection_item WHERE ${isOneOf}`, [id, list]);
      await bumpVersion(runner);
    });
  }

  private read<Result>(sql: string, values: readonly (string | number)[]): Promise<Result[]> {
    return this.database.reader.query<Result[]>(sql, [...values]);
  }
}

/** Rows of a collection (id, first parameter) about figures (JSON of their ids, second one). */
const isOneOf = `collection_seq = (SELECT seq FROM collection WHERE id = ?1)
  AND figure_seq IN (SELECT seq FROM figure WHERE id IN (SELECT value FROM json_each(?2)))`;

async function rememberRemoved(runner: QueryRunner, id: string, list: string): Promise<void> {
  await runner.query(
    `INSERT OR REPLACE INTO removed_collection_item
       (seq, collection_seq, figure_seq, note, tags, added_at, rating, removed_at)
     SELECT seq, collection_seq, figure_seq, note, tags, added_at,
       (SELECT rating FROM collection_rating AS own WHERE own.collection_seq = collection_item.collection_seq
          AND own.figure_seq = collection_item.figure_seq AND rating = 'RELEVANT'), ?3
     FROM collection_item WHERE ${isOneOf}`,
    [id, list, Date.now()],
  );
  await runner.query(
    `DELETE FROM collection_rating WHERE rating = 'RELEVANT' AND ${isOneOf}
       AND figure_seq IN (SELECT figure_seq FROM collection_item AS item
         WHERE item.collection_seq = collection_rating.collection_seq)`,
    [id, list],
  );
  await runner.query('DELETE FROM removed_collection_item WHERE removed_at < ?', [restorableSince()]);
}

/** A rating that was given meanwhile counts more than the former one. */
async function restoreRatings(runner: QueryRunner, id: string, list: string): Promise<void> {
  await runner.query(
    `INSERT INTO collection_rating (collection_seq, figure_seq, rating, rated_at)
     SELECT collection_seq, figure_seq, rating, removed_at FROM removed_collection_item
     WHERE rating IS NOT NULL AND removed_at >= ?3 AND ${isOneOf}
     ON CONFLICT (collection_seq, figure_seq) DO NOTHING`,
    [id, list, restorableSince()],
  );
  await runner.query(`DELETE FROM removed_collection_item WHERE ${isOneOf}`, [id, list]);
}
