import { isDeepStrictEqual } from 'node:util';
import type { Box } from '../../domain/figure.js';
import type { ImageHash } from '../../domain/ids.js';
import type { DrawnMask, MaskKey, MaskMeasures, MaskOutcome, MaskShape } from '../../domain/mask.js';
import type { Database } from '../database.js';

/** A mask of a picture, for whatever figures have it. */
export interface StoredMask {
  readonly hash: string;
  readonly imageHash: ImageHash;
  readonly box: Box;
  readonly model: string;
  readonly prompt: string;
  readonly outcome: MaskOutcome;
}

interface Row extends Box {
  readonly hash: string;
  readonly image_hash: ImageHash;
  readonly model: string;
  readonly prompt: string;
  readonly status: 'READY' | 'FAILED';
  readonly error: string | null;
  readonly found: number | null;
  readonly p_value: number | null;
  readonly similarity: number | null;
  readonly area_pixels: number | null;
  readonly area_fraction: number | null;
  readonly boxes: string | null;
  readonly created_at: number;
}

const columns = `hash, image_hash, x, y, width, height, model, prompt, status, error, found, p_value, similarity,
  area_pixels, area_fraction, boxes, created_at`;

/** What becomes of an asked mask, with all it depends on. */
export interface MaskRecord {
  readonly hash: string;
  readonly key: MaskKey;
  /** The segmenter's name. */
  readonly model: string;
}

/** Masks, kept for ever: the same question is never computed twice. */
export class MaskRepository {
  constructor(private readonly database: Database) {}

  async byHash(hash: string): Promise<StoredMask | null> {
    const [row] = await this.read<Row>(`SELECT ${columns} FROM mask WHERE hash = ?`, [hash]);
    return row === undefined ? null : toMask(row);
  }

  /** The drawn masks of pictures, in the order of their making. */
  async ofImages(imageHashes: readonly string[]): Promise<readonly StoredMask[]> {
    const rows = await this.read<Row>(
      `SELECT ${columns} FROM mask WHERE status = 'READY' AND image_hash IN (SELECT value FROM json_each(?))
       ORDER BY created_at, hash`,
      [JSON.stringify(imageHashes)],
    );
    return rows.map(toMask);
  }

  /** The forms of drawn masks by hash. */
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

  /** Drawn masks of pictures that are in the corpus. */
  async count(): Promise<number> {
    const [row] = await this.read<{ count: number }>(
      `SELECT COUNT(*) AS count FROM mask WHERE status = 'READY' AND image_hash IN (SELECT image_hash FROM figure)`,
      [],
    );
    return row?.count ?? 0;
  }

  saveDrawn(record: MaskRecord, mask: DrawnMask): Promise<StoredMask> {
    const { found, pValue, similarity, areaPixels, areaFraction, boxes, rle, polygons } = mask;
    const numbers = [found === null ? null : Number(found), pValue, similarity, areaPixels, areaFraction];
    return this.save(record, ['READY', null, ...numbers, JSON.stringify(boxes), rle.counts, JSON.stringify(polygons)]);
  }

  saveFailed(record: MaskRecord, error: string): Promise<StoredMask> {
    return this.save(record, ['FAILED', error, ...Array<null>(8).fill(null)]);
  }

  private save({ hash, key, model }: MaskRecord, outcome: readonly (string | number | null)[]): Promise<StoredMask> {
    const { imageHash, box, modelVersion, preparation, prompt } = key;
    const { x, y, width, height } = box;
    const values = [hash, imageHash, x, y, width, height, model, modelVersion, preparation, prompt, ...outcome];
    return this.database.write(async (runner) => {
      await runner.query(
        `INSERT OR REPLACE INTO mask (hash, image_hash, x, y, width, height, model, model_version, preparation, prompt,
           status, error, found, p_value, similarity, area_pixels, area_fraction, boxes, counts, polygons, created_at)
         VALUES (${values.map(() => '?').join(', ')}, ?)`,
        [...values, Date.now()],
      );
      // Filters that were resolved for the masks as they were are not used again.
      await runner.query(`UPDATE property SET value = CAST(value AS INTEGER) + 1 WHERE name = 'masks_version'`);
      const [row] = (await runner.query(`SELECT ${columns} FROM mask WHERE hash = ?`, [hash])) as Row[];
      if (row === undefined) throw new Error('a saved mask is there');
      return toMask(row);
    });
  }

  private read<Result>(sql: string, values: readonly string[]): Promise<Result[]> {
    return this.database.reader.query<Result[]>(sql, [...values]);
  }
}

/** Whether a mask is that of a panel: its picture may have been replaced, its box moved. */
export function isMaskOf(mask: StoredMask, imageHash: ImageHash, box: Box): boolean {
  return mask.imageHash === imageHash && isDeepStrictEqual(mask.box, box);
}

function toMask(row: Row): StoredMask {
  const { hash, image_hash: imageHash, x, y, width, height, model, prompt } = row;
  return { hash, imageHash, box: { x, y, width, height }, model, prompt, outcome: outcomeOf(row) };
}

function outcomeOf(row: Row): MaskOutcome {
  if (row.status === 'FAILED') return { status: 'FAILED', error: row.error ?? '', at: new Date(row.created_at) };
  const measures = {
    found: row.found === null ? null : row.found === 1,
    pValue: row.p_value,
    similarity: row.similarity ?? 0,
    areaPixels: row.area_pixels ?? 0,
    areaFraction: row.area_fraction ?? 0,
    boxes: JSON.parse(row.boxes ?? '[]') as MaskMeasures['boxes'],
  };
  return { status: 'READY', measures };
}
