import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What curators say of figures in a collection: ratings, also of figures that are no members, and tags of members. What was
 * deleted or removed is kept for a while, so that it can be restored: `deleted_at` of a collection (milliseconds), and the
 * members that were removed, with the numbers that are their places.
 */
export class Curation1776100000000 implements MigrationInterface {
  name = 'Curation1776100000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE removed_collection_item');
    await runner.query('DROP TABLE collection_rating');
    await runner.query('DELETE FROM collection WHERE deleted_at IS NOT NULL');
    for (const [table, column] of columns) await runner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
  }
}

const columns = [
  ['collection', 'deleted_at', 'INTEGER'],
  ['collection_item', 'tags', `TEXT NOT NULL DEFAULT '[]'`],
  ['deleted_figure', 'ratings', `TEXT NOT NULL DEFAULT '[]'`],
] as const;

const statements = [
  ...columns.map(([table, column, type]) => `ALTER TABLE ${table} ADD COLUMN ${column} ${type}`),
  `CREATE TABLE collection_rating (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    collection_seq INTEGER NOT NULL REFERENCES collection (seq) ON DELETE CASCADE,
    figure_seq INTEGER NOT NULL REFERENCES figure (seq) ON DELETE CASCADE,
    rating TEXT NOT NULL,
    rated_at INTEGER NOT NULL,
    UNIQUE (collection_seq, figure_seq)
  )`,
  `CREATE INDEX collection_rating_figure ON collection_rating (figure_seq)`,
  `CREATE TABLE removed_collection_item (
    seq INTEGER PRIMARY KEY,
    collection_seq INTEGER NOT NULL REFERENCES collection (seq) ON DELETE CASCADE,
    figure_seq INTEGER NOT NULL REFERENCES figure (seq) ON DELETE CASCADE,
    note TEXT,
    tags TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    rating TEXT,
    removed_at INTEGER NOT NULL,
    UNIQUE (collection_seq, figure_seq)
  )`,
  `CREATE INDEX removed_collection_item_figure ON removed_collection_item (figure_seq)`,
];
