import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Collections of figures, and a number that tells of every change to their members: filters by collection depend on it. */
export class Collections1764600000000 implements MigrationInterface {
  name = 'Collections1764600000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM property WHERE name = 'collections_version'`);
    await runner.query(`DROP TABLE collection_item`);
    await runner.query(`DROP TABLE collection`);
  }
}

const statements = [
  `CREATE TABLE collection (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT,
    created_at INTEGER NOT NULL
  )`,
  // AUTOINCREMENT: pages of members go by seq, and a number that comes back would put a new member among old ones.
  `CREATE TABLE collection_item (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    collection_seq INTEGER NOT NULL REFERENCES collection (seq) ON DELETE CASCADE,
    figure_seq INTEGER NOT NULL REFERENCES figure (seq) ON DELETE CASCADE,
    note TEXT,
    added_at INTEGER NOT NULL,
    UNIQUE (collection_seq, figure_seq)
  )`,
  `CREATE INDEX collection_item_figure ON collection_item (figure_seq)`,
  `INSERT INTO property (name, value) VALUES ('collections_version', '1')`,
];
