import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a classifier says of each panel: the type of figure, and the modality of a medical image (null for others), each with
 * its probability (0..1). A classifier belongs to the vectors of one model (`space`); what one of them says is shown. Methods:
 * PANELS (a whole figure that has panels is compound), ZERO_SHOT, LINEAR_HEAD. A whole figure that gains or loses panels
 * waits for its class again.
 */
export class PanelClasses1774000000000 implements MigrationInterface {
  name = 'PanelClasses1774000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER part_added');
    await runner.query('DROP TRIGGER part_removed');
    await runner.query('DROP TABLE panel_class');
    await runner.query('DROP TABLE panel_classifier');
  }
}

const forgetWhole = (row: 'new' | 'old'): string => `DELETE FROM panel_class WHERE panel_seq =
    (SELECT seq FROM panel WHERE figure_id = ${row}.figure_id AND ordinal = 0);`;

const statements = [
  `CREATE TABLE panel_classifier (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    space TEXT NOT NULL,
    key TEXT NOT NULL,
    is_shown BOOLEAN NOT NULL DEFAULT 0,
    UNIQUE (space, key)
  )`,
  `CREATE TABLE panel_class (
    panel_seq INTEGER NOT NULL REFERENCES panel (seq) ON DELETE CASCADE,
    classifier INTEGER NOT NULL REFERENCES panel_classifier (number) ON DELETE CASCADE,
    figure_seq INTEGER NOT NULL,
    method TEXT NOT NULL CHECK (method IN ('PANELS', 'ZERO_SHOT', 'LINEAR_HEAD')),
    figure_type TEXT NOT NULL,
    figure_type_probability REAL NOT NULL,
    modality TEXT,
    modality_probability REAL,
    PRIMARY KEY (panel_seq, classifier)
  ) WITHOUT ROWID`,
  `CREATE INDEX panel_class_type ON panel_class (classifier, figure_type, figure_seq)`,
  `CREATE INDEX panel_class_modality ON panel_class (classifier, modality, figure_seq) WHERE modality IS NOT NULL`,
  `CREATE TRIGGER part_added AFTER INSERT ON panel WHEN new.ordinal > 0 BEGIN
    ${forgetWhole('new')}
  END`,
  `CREATE TRIGGER part_removed AFTER DELETE ON panel WHEN old.ordinal > 0 BEGIN
    ${forgetWhole('old')}
  END`,
];
