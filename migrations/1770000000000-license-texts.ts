import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The license of articles and figures in the publisher's words, beside its code. */
export class LicenseTexts1770000000000 implements MigrationInterface {
  name = 'LicenseTexts1770000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['article', 'figure']) await runner.query(`ALTER TABLE ${table} ADD COLUMN license_text TEXT`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['figure', 'article']) await runner.query(`ALTER TABLE ${table} DROP COLUMN license_text`);
  }
}
