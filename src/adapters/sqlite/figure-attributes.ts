import { FigureAttributes, type FigureAttribute } from '../../ports/figure-attributes.js';
import type { Database } from './database.js';

export class SqliteFigureAttributes extends FigureAttributes {
  constructor(private readonly database: Database) {
    super();
  }

  list(after: number, limit: number): Promise<readonly FigureAttribute[]> {
    return this.database.scanner.query<FigureAttribute[]>(
      `SELECT figure.seq AS number, figure.id, NULLIF(figure.modality, '') AS modality,
         NULLIF(figure.labels ->> 0, '') AS label, article.year,
         (SELECT collection.id FROM collection_item JOIN collection ON collection.seq = collection_item.collection_seq
          WHERE collection_item.figure_seq = figure.seq ORDER BY collection.seq LIMIT 1) AS collectionId
       FROM figure LEFT JOIN article ON article.id = figure.article_id
       WHERE figure.seq > ? ORDER BY figure.seq LIMIT ?`,
      [after, limit],
    );
  }

  async captions(numbers: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const rows = await this.database.scanner.query<{ seq: number; caption: string }[]>(
      `SELECT figure.seq, figure.caption FROM json_each(?) CROSS JOIN figure ON figure.seq = value WHERE figure.caption <> ''`,
      [JSON.stringify(numbers)],
    );
    return new Map(rows.map(({ seq, caption }) => [seq, caption]));
  }
}
