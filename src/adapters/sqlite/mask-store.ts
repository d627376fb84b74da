import type { DrawnMask, MaskShape } from '../../domain/mask.js';
import type { MaskRecord, StoredMask } from '../../domain/stored-mask.js';
import { MaskStore } from '../../ports/mask-store.js';
import type { Database } from './database.js';
import {
  currentVersionCondition,
  maskColumns,
  saveDrawnMask,
  saveFailedMask,
  toStoredMask,
  type MaskRow,
} from './mask-rows.js';

/** Masks in the table `mask`. */
export class SqliteMaskStore extends MaskStore {
  constructor(private readonly database: Database) {
    super();
  }

  async byHashes(hashes: readonly string[]): Promise<ReadonlyMap<string, StoredMask>> {
    const rows = await this.read<MaskRow>(
      `SELECT ${maskColumns} FROM mask WHERE hash IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(hashes)],
    );
    return new Map(rows.map((row) => [row.hash, toStoredMask(row)]));
  }

  async ofImages(imageHashes: readonly string[]): Promise<readonly StoredMask[]> {
    const rows = await this.read<MaskRow>(
      `SELECT ${maskColumns} FROM mask WHERE status = 'READY' AND image_hash IN (SELECT value FROM json_each(?))
         AND ${currentVersionCondition}
       ORDER BY created_at, hash`,
      [JSON.stringify(imageHashes)],
    );
    return rows.map(toStoredMask);
  }

  async shapes(hashes: readonly string[]): Promise<ReadonlyMap<string, MaskShape>> {
    const rows = await this.read<{ hash: string; width: number; height: number; counts: string; polygons: string }>(
      `SELECT hash, width, height, counts, polygons FROM mask
       WHERE status = 'READY' AND hash IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(hashes)],
    );
    return new Map(
      rows.map(({ hash, width, height, counts, polygons }) => [
        hash,
        { rle: { size: [height, width], counts }, polygons: JSON.parse(polygons) as MaskShape['polygons'] },
      ]),
    );
  }

  async runLengths(hash: string): Promise<MaskShape['rle'] | null> {
    const [row] = await this.read<{ width: number; height: number; counts: string }>(
      `SELECT width, height, counts FROM mask WHERE status = 'READY' AND hash = ?`,
      [hash],
    );
    return row === undefined ? null : { size: [row.height, row.width], counts: row.counts };
  }

  async count(): Promise<number> {
    const [row] = await this.read<{ count: number }>(
      `SELECT COUNT(*) AS count FROM mask WHERE status = 'READY' AND EXISTS (
         SELECT 1 FROM figure JOIN panel ON panel.figure_id = figure.id
         WHERE figure.image_hash = mask.image_hash
           AND (panel.x, panel.y, panel.width, panel.height) = (mask.x, mask.y, mask.width, mask.height))`,
      [],
    );
    return row?.count ?? 0;
  }

  saveDrawn(record: MaskRecord, mask: DrawnMask): Promise<StoredMask> {
    return this.database.write((runner) => saveDrawnMask(runner, record, mask, null));
  }

  saveFailed(record: MaskRecord, error: string): Promise<StoredMask> {
    return this.database.write((runner) => saveFailedMask(runner, record, error));
  }

  private read<Result>(sql: string, values: readonly string[]): Promise<Result[]> {
    return this.database.reader.query<Result[]>(sql, [...values]);
  }
}
