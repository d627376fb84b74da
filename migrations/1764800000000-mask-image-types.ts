import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The image type of a mask, where its prompt alone does not tell whose statistics count; an index that counts masks by itself. */
export class MaskImageTypes1764800000000 implements MigrationInterface {
  name = 'MaskImageTypes1764800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE mask ADD COLUMN image_type TEXT`);
    await runner.query(`DROP INDEX mask_image`);
    await runner.query(`CREATE INDEX mask_image ON mask (image_hash, status)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX mask_image`);
    await runner.query(`CREATE INDEX mask_image ON mask (image_hash)`);
    await runner.query(`DELETE FROM mask WHERE image_type IS NOT NULL`);
    await runner.query(`ALTER TABLE mask DROP COLUMN image_type`);
  }
}
