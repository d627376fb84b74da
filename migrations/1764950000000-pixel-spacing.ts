import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far the pixels of a figure's image lie apart, as a JSON pair in millimetres; null where nobody said. */
export class PixelSpacing1764950000000 implements MigrationInterface {
  name = 'PixelSpacing1764950000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE figure ADD COLUMN pixel_spacing TEXT`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE figure DROP COLUMN pixel_spacing`);
  }
}
