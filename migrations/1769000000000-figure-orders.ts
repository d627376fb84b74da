import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Indexes by which figures are listed by the year or the title of their article without a sort: an index of articles gives the
 * order, `figure_article` the figures of each. An index of the masks that count for the filter `hasAnyMask`, so that the rows,
 * which hold outlines, need not be read.
 */
export class FigureOrders1769000000000 implements MigrationInterface {
  name = 'FigureOrders1769000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const index of ['mask_shown', 'article_by_title', 'article_by_year'])
      await runner.query(`DROP INDEX ${index}`);
  }
}

const statements = [
  `CREATE INDEX article_by_year ON article (year, id)`,
  `CREATE INDEX article_by_title ON article (substr(title_key, 1, 120), id)`,
  `CREATE INDEX mask_shown ON mask (image_hash, x, y, width, height, preparation)
     WHERE status = 'READY' AND area_pixels > 0 AND found IS NOT FALSE`,
];
