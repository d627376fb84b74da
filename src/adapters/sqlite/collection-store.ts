import { randomBytes } from 'node:crypto';
import type { QueryRunner } from 'typeorm';
import {
  unknownCollection,
  unknownFigures,
  type Collection,
  type CollectionChange,
  type CollectionItem,
} from '../../domain/collection.js';
import type { CollectionId, FigureId } from '../../domain/ids.js';
import { toPage, type SeqPage } from '../../domain/page.js';
import { CollectionStore } from '../../ports/collection-store.js';
import type { Database } from './database.js';

interface Row {
  readonly seq: number;
  readonly id: CollectionId;
  readonly name: string;
  readonly description: string | null;
  readonly created_at: number;
  readonly size: number;
}

const select = `SELECT collection.*, (SELECT COUNT(*) FROM collection_item WHERE collection_seq = collection.seq) AS size
  FROM collection`;

/** Collections in the tables `collection` and `collection_item`. */
export class SqliteCollectionStore extends CollectionStore {
  constructor(private readonly database: Database) {
    super();
  }

  async byIds(ids: readonly string[]): Promise<ReadonlyMap<CollectionId, Collection>> {
    const rows = await this.read<Row>(`${select} WHERE id IN (SELECT value FROM json_each(?))`, [JSON.stringify(ids)]);
    return new Map(rows.map((row) => [row.id, toCollection(row)]));
  }

  async page(after: number, first: number): Promise<SeqPage<Collection>> {
    const rows = await this.read<Row>(`${select} WHERE seq > ? ORDER BY seq LIMIT ?`, [after, first + 1]);
    return toPage(
      rows.map((row) => ({ seq: row.seq, ...toCollection(row) })),
      first,
    );
  }

  async items(id: string, after: number, first: number): Promise<SeqPage<CollectionItem>> {
    const rows = await this.read<{ seq: number; figureId: FigureId; note: string | null; addedAt: number }>(
      `SELECT collection_item.seq, figure.id AS figureId, note, added_at AS addedAt
       FROM collection JOIN collection_item ON collection_seq = collection.seq JOIN figure ON figure.seq = figure_seq
       WHERE collection.id = ? AND collection_item.seq > ? ORDER BY collection_item.seq LIMIT ?`,
      [id, after, first + 1],
    );
    return toPage(
      rows.map((row) => ({ ...row, addedAt: new Date(row.addedAt) })),
      first,
    );
  }

  async ofFigures(figureIds: readonly string[]): Promise<ReadonlyMap<FigureId, readonly Collection[]>> {
    const rows = await this.read<Row & { figureId: FigureId }>(
      `SELECT figure.id AS figureId, own.* FROM figure JOIN collection_item ON figure_seq = figure.seq
         JOIN (${select}) AS own ON own.seq = collection_seq
       WHERE figure.id IN (SELECT value FROM json_each(?)) ORDER BY own.seq`,
      [JSON.stringify(figureIds)],
    );
    const found = new Map<FigureId, Collection[]>();
    for (const row of rows) found.set(row.figureId, [...(found.get(row.figureId) ?? []), toCollection(row)]);
    return found;
  }

  async create(name: string, description: string | null): Promise<Collection> {
    const id = `col_${randomBytes(12).toString('hex')}`;
    return this.change(id, (runner) =>
      runner.query('INSERT INTO collection (id, name, description, created_at) VALUES (?, ?, ?, ?)', [
        id,
        name,
        description,
        Date.now(),
      ]),
    );
  }

  async update(id: string, { name, description }: CollectionChange): Promise<Collection> {
    return this.change(id, async (runner) => {
      if (name !== undefined) await runner.query('UPDATE collection SET name = ? WHERE id = ?', [name, id]);
      if (description !== undefined)
        await runner.query('UPDATE collection SET description = ? WHERE id = ?', [description, id]);
    });
  }

  async delete(id: string): Promise<void> {
    await this.database.write(async (runner) => {
      const found = (await runner.query('SELECT 1 FROM collection WHERE id = ?', [id])) as object[];
      if (found.length === 0) throw unknownCollection(id);
      await runner.query('DELETE FROM collection WHERE id = ?', [id]);
      await bumpVersion(runner);
    });
  }

  async add(id: string, figureIds: readonly string[], note: string | null): Promise<Collection> {
    return this.change(id, async (runner) => {
      await expectFigures(runner, figureIds);
      await runner.query(
        `INSERT INTO collection_item (collection_seq, figure_seq, note, added_at)
         SELECT collection.seq, figure.seq, ?2, ?3 FROM json_each(?4) AS given JOIN figure ON figure.id = given.value
           JOIN collection ON collection.id = ?1 ORDER BY given.key
         ON CONFLICT (collection_seq, figure_seq) DO UPDATE SET note = COALESCE(excluded.note, note)`,
        [id, note, Date.now(), JSON.stringify([...new Set(figureIds)])],
      );
      await bumpVersion(runner);
    });
  }

  async remove(id: string, figureIds: readonly string[]): Promise<Collection> {
    return this.change(id, async (runner) => {
      await runner.query(
        `DELETE FROM collection_item WHERE collection_seq = (SELECT seq FROM collection WHERE id = ?)
         AND figure_seq IN (SELECT seq FROM figure WHERE id IN (SELECT value FROM json_each(?)))`,
        [id, JSON.stringify(figureIds)],
      );
      await bumpVersion(runner);
    });
  }

  /** Changes a collection in one transaction. @returns the changed collection @throws {FigseekError} NOT_FOUND */
  private change(id: string, work: (runner: QueryRunner) => Promise<unknown>): Promise<Collection> {
    return this.database.write(async (runner) => {
      await work(runner);
      const [row] = (await runner.query(`${select} WHERE id = ?`, [id])) as Row[];
      if (row === undefined) throw unknownCollection(id);
      return toCollection(row);
    });
  }

  private read<Result>(sql: string, values: readonly (string | number)[]): Promise<Result[]> {
    return this.database.reader.query<Result[]>(sql, [...values]);
  }
}

/** Filters that were resolved before the change are not used again. */
async function bumpVersion(runner: QueryRunner): Promise<void> {
  await runner.query(`UPDATE property SET value = CAST(value AS INTEGER) + 1 WHERE name = 'collections_version'`);
}

/** @throws {FigseekError} NOT_FOUND naming figures that do not exist */
async function expectFigures(runner: QueryRunner, figureIds: readonly string[]): Promise<void> {
  const unknown = (await runner.query(
    `SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM figure) LIMIT 3`,
    [JSON.stringify(figureIds)],
  )) as { value: string }[];
  if (unknown.length > 0) throw unknownFigures(unknown.map(({ value }) => value));
}

function toCollection({ id, name, description, created_at, size }: Row): Collection {
  return { id, name, description, size, createdAt: new Date(created_at) };
}
