import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Recognitions: all objects of an image type in a picture. The masks of the objects lie among the others. */
export class Recognitions1765000000000 implements MigrationInterface {
  name = 'Recognitions1765000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM mask WHERE recognition IS NOT NULL`);
    await runner.query(`DROP INDEX mask_recognition`);
    await runner.query(`ALTER TABLE mask DROP COLUMN recognition`);
    await runner.query(`DROP TABLE recognition`);
  }
}

const statements = [
  // `hash` is made from image_hash, the box, model_version, preparation, image_type and min_p_value.
  `CREATE TABLE recognition (
    hash TEXT PRIMARY KEY,
    image_hash TEXT NOT NULL,
    x INTEGER NOT NULL,
    y INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    model TEXT NOT NULL,
    model_version TEXT NOT NULL,
    preparation TEXT NOT NULL,
    image_type TEXT NOT NULL,
    min_p_value REAL NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('READY', 'FAILED')),
    error TEXT,
    created_at INTEGER NOT NULL
  )`,
  `ALTER TABLE mask ADD COLUMN recognition TEXT REFERENCES recognition (hash)`,
  `CREATE INDEX mask_recognition ON mask (recognition) WHERE recognition IS NOT NULL`,
];
