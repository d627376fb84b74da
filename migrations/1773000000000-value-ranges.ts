import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which values of an image are black and white, where its numbers are not 8-bit: JSON with low, high and by. */
export class ValueRanges1773000000000 implements MigrationInterface {
  name = 'ValueRanges1773000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE figure ADD COLUMN value_range TEXT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE figure DROP COLUMN value_range');
  }
}
