import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Masks, and a number that tells of every change to them: the filter `hasMask` depends on it. */
export class Masks1764700000000 implements MigrationInterface {
  name = 'Masks1764700000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM property WHERE name = 'masks_version'`);
    await runner.query(`DROP TABLE mask`);
  }
}

const statements = [
  // By the picture, not by the figure: a mask outlives a figure that is deleted and comes again, and two figures of one
  // picture share it. `hash` is made from image_hash, the box, model_version, preparation and prompt.
  `CREATE TABLE mask (
    hash TEXT PRIMARY KEY,
    image_hash TEXT NOT NULL,
    x INTEGER NOT NULL,
    y INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    model TEXT NOT NULL,
    model_version TEXT NOT NULL,
    preparation TEXT NOT NULL,
    prompt TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('READY', 'FAILED')),
    error TEXT,
    found INTEGER,
    p_value REAL,
    similarity REAL,
    area_pixels INTEGER,
    area_fraction REAL,
    boxes TEXT,
    counts TEXT,
    polygons TEXT,
    created_at INTEGER NOT NULL
  )`,
  `CREATE INDEX mask_image ON mask (image_hash)`,
  `CREATE INDEX mask_prompt ON mask (prompt, status)`,
  `INSERT INTO property (name, value) VALUES ('masks_version', '1')`,
];
