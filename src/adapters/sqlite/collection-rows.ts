import type { QueryRunner } from 'typeorm';
import { unknownCollection, unknownFigures, type Collection, type Rating } from '../../domain/collection.js';
import type { CollectionId, FigureId } from '../../domain/ids.js';
import type { Database } from './database.js';

export interface CollectionRow {
  readonly seq: number;
  readonly id: CollectionId;
  readonly name: string;
  readonly description: string | null;
  readonly created_at: number;
  readonly size: number;
}

export interface ItemRow {
  readonly seq: number;
  readonly figureId: FigureId;
  readonly note: string | null;
  readonly tags: string;
  readonly rating: Rating | null;
  readonly addedAt: number;
}

/** Collections that are not deleted; further conditions follow with AND. */
export const selectCollections = `SELECT collection.*,
    (SELECT COUNT(*) FROM collection_item WHERE collection_seq = collection.seq) AS size
  FROM collection WHERE collection.deleted_at IS NULL`;

/** Members of collections that are not deleted, with their ratings; further conditions follow with AND. */
export const selectItems = `SELECT item.seq, figure.id AS figureId, item.note, item.tags, collection_rating.rating,
    item.added_at AS addedAt
  FROM collection JOIN collection_item AS item ON item.collection_seq = collection.seq
    JOIN figure ON figure.seq = item.figure_seq
    LEFT JOIN collection_rating ON collection_rating.collection_seq = item.collection_seq
      AND collection_rating.figure_seq = item.figure_seq
  WHERE collection.deleted_at IS NULL`;

export function toCollection({ id, name, description, created_at, size }: CollectionRow): Collection {
  return { id, name, description, size, createdAt: new Date(created_at) };
}

export function toItem(row: ItemRow) {
  return { ...row, tags: JSON.parse(row.tags) as readonly string[], addedAt: new Date(row.addedAt) };
}

/** Changes a collection in one transaction. @returns the changed collection @throws {FigseekError} NOT_FOUND */
export function changeCollection(
  database: Database,
  id: string,
  work: (runner: QueryRunner) => Promise<unknown>,
): Promise<Collection> {
  return database.write(async (runner) => {
    await work(runner);
    const [row] = (await runner.query(`${selectCollections} AND id = ?`, [id])) as CollectionRow[];
    if (row === undefined) throw unknownCollection(id);
    return toCollection(row);
  });
}

/** Filters that were resolved before the change are not used again. */
export async function bumpVersion(runner: QueryRunner): Promise<void> {
  await runner.query(`UPDATE property SET value = CAST(value AS INTEGER) + 1 WHERE name = 'collections_version'`);
}

/** @throws {FigseekError} NOT_FOUND naming figures that do not exist */
export async function expectFigures(runner: QueryRunner, figureIds: readonly string[]): Promise<void> {
  const unknown = (await runner.query(
    `SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM figure) LIMIT 3`,
    [JSON.stringify(figureIds)],
  )) as { value: string }[];
  if (unknown.length > 0) throw unknownFigures(unknown.map(({ value }) => value));
}
