import type { PanelId } from '../../domain/ids.js';
import type { PanelClass } from '../../domain/panel-class.js';
import { bytesToVector } from '../../domain/vector.js';
import { PanelClassStore, type UnclassifiedPanel, type UnclassifiedPart } from '../../ports/panel-class-store.js';
import { advanceCorpusVersion } from './corpus-state.js';
import type { Database } from './database.js';

/** The number of the classifier that is shown, in SQL; null where none is. */
export const shownClassifier = '(SELECT number FROM panel_classifier WHERE is_shown)';

/** Classes that are deleted in one transaction. */
const deletedAtOnce = 10_000;

/** Whether a panel is the whole of a figure that has others. */
const hasParts = `(panel.ordinal = 0
  AND EXISTS (SELECT 1 FROM panel AS part WHERE part.figure_id = panel.figure_id AND part.ordinal > 0))`;

interface UnclassifiedRow {
  readonly number: number;
  readonly ordinal: number;
  readonly hasParts: number;
  readonly vector: Buffer;
}

export class SqlitePanelClassStore extends PanelClassStore {
  constructor(private readonly database: Database) {
    super();
  }

  async openClassifier(space: string, key: string): Promise<number> {
    const statement = 'SELECT number FROM panel_classifier WHERE space = ? AND key = ?';
    const [known] = await this.database.reader.query<{ number: number }[]>(statement, [space, key]);
    if (known !== undefined) return known.number;
    return this.database.write(async (runner) => {
      await runner.query('INSERT INTO panel_classifier (space, key) VALUES (?, ?) ON CONFLICT DO NOTHING', [
        space,
        key,
      ]);
      const [made] = (await runner.query(statement, [space, key])) as { number: number }[];
      return made?.number ?? 0;
    });
  }

  /** From the panels, whose rows are small, to the vectors of those that lack a class. */
  async listUnclassified({ classifier, space, after, limit }: UnclassifiedPart): Promise<readonly UnclassifiedPanel[]> {
    const rows = await this.database.scanner.query<UnclassifiedRow[]>(
      `SELECT panel.seq AS number, panel.ordinal, ${hasParts} AS hasParts, embedding.vector
       FROM panel CROSS JOIN embedding
         ON embedding.panel_id = panel.id AND embedding.space = ?1 AND embedding.kind = 'IMAGE'
       WHERE panel.seq > ?2 AND NOT EXISTS (
         SELECT 1 FROM panel_class WHERE panel_class.panel_seq = panel.seq AND panel_class.classifier = ?3)
       ORDER BY panel.seq LIMIT ?4`,
      [space, after, classifier, limit],
    );
    return rows.map(({ number, ordinal, hasParts: parts, vector }) => ({
      ...{ number, isWhole: ordinal === 0, hasParts: parts === 1 },
      vector: bytesToVector(vector),
    }));
  }

  save(classifier: number, classes: readonly { readonly panel: number; readonly of: PanelClass }[]): Promise<void> {
    const rows = classes.map(({ panel, of }) => [
      ...[panel, of.method, of.figureType, of.figureTypeProbability],
      ...[of.modality, of.modalityProbability],
    ]);
    return this.database.write(async (runner) => {
      await runner.query(
        `INSERT OR REPLACE INTO panel_class (classifier, panel_seq, figure_seq, method, figure_type,
           figure_type_probability, modality, modality_probability)
         SELECT panel_classifier.number, panel.seq, figure.seq, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
         FROM json_each(?1) CROSS JOIN panel ON panel.seq = value ->> 0 JOIN figure ON figure.id = panel.figure_id
           JOIN panel_classifier ON panel_classifier.number = ?2
         WHERE ${hasParts} = (value ->> 1 = 'PANELS')`,
        [JSON.stringify(rows), classifier],
      );
      await advanceCorpusVersion(runner);
    });
  }

  async show(classifier: number): Promise<void> {
    const [row] = await this.database.reader.query<{ space: string; isShown: number; count: number }[]>(
      `SELECT space, is_shown AS isShown, (SELECT COUNT(*) FROM panel_classifier AS other
         WHERE other.space = panel_classifier.space) AS count
       FROM panel_classifier WHERE number = ?`,
      [classifier],
    );
    if (row === undefined || (row.isShown === 1 && row.count === 1)) return;
    await this.database.write(async (runner) => {
      await runner.query('UPDATE panel_classifier SET is_shown = (number = ?)', [classifier]);
      await advanceCorpusVersion(runner);
    });
    await this.forget('space = ? AND number <> ?', [row.space, classifier]);
  }

  async classesOf(panelIds: readonly string[]): Promise<ReadonlyMap<PanelId, PanelClass>> {
    const rows = await this.database.reader.query<(PanelClass & { readonly id: PanelId })[]>(
      `SELECT panel.id, method, figure_type AS figureType, figure_type_probability AS figureTypeProbability,
         modality, modality_probability AS modalityProbability
       FROM json_each(?) CROSS JOIN panel ON panel.id = value
         JOIN panel_class ON panel_class.panel_seq = panel.seq AND panel_class.classifier = ${shownClassifier}`,
      [JSON.stringify(panelIds)],
    );
    return new Map(rows.map(({ id, ...of }) => [id, of]));
  }

  forgetSpace(space: string): Promise<void> {
    return this.forget('space = ?', [space]);
  }

  /** A part at a time, so that no other writer waits for long. @param condition on `panel_classifier` */
  private async forget(condition: string, values: readonly (string | number)[]): Promise<void> {
    const classifiers = `SELECT number FROM panel_classifier WHERE ${condition}`;
    for (let isLeft = true; isLeft;) {
      isLeft = await this.database.write(async (runner) => {
        const rows = (await runner.query(
          `SELECT panel_seq, classifier FROM panel_class WHERE classifier IN (${classifiers}) LIMIT ${deletedAtOnce}`,
          [...values],
        )) as { panel_seq: number; classifier: number }[];
        const pairs = JSON.stringify(rows.map((row) => [row.panel_seq, row.classifier]));
        await runner.query(
          `DELETE FROM panel_class WHERE (panel_seq, classifier) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`,
          [pairs],
        );
        if (rows.length === deletedAtOnce) return true;
        await runner.query(`DELETE FROM panel_classifier WHERE ${condition}`, [...values]);
        return false;
      });
    }
  }
}
