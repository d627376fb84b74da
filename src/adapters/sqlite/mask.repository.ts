import { isDeepStrictEqual } from 'node:util';
import type { Box } from '../../domain/figure.js';
import type { ImageHash } from '../../domain/ids.js';
import {
  postprocessVersion,
  type DrawnMask,
  type MaskKey,
  type MaskMeasures,
  type MaskOutcome,
  type MaskShape,
} from '../../domain/mask.js';
import type { QueryRunner } from 'typeorm';
import type { Database } from './database.js';

/** A mask of a picture, for whatever figures have it. */
export interface StoredMask {
  readonly hash: string;
  readonly imageHash: ImageHash;
  readonly box: Box;
  readonly model: string;
  readonly prompt: string;
  readonly imageType: string | null;
  /** Whether it is an object of a recognition: pixels that others claim with more right are not in it. */
  readonly isRecognised: boolean;
  readonly outcome: MaskOutcome;
}

export interface MaskRow extends Box {
  readonly hash: string;
  readonly image_hash: ImageHash;
  readonly model: string;
  readonly prompt: string;
  readonly image_type: string | null;
  readonly recognition: string | null;
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

/** Of a `MaskRow`. */
export const maskColumns = `hash, image_hash, x, y, width, height, model, prompt, image_type, recognition, status, error, found, p_value,
  similarity, area_pixels, area_fraction, boxes, created_at`;

/** Whatever the working size; `preparationOf` writes it. */
export const drawnAsNow = `preparation LIKE '${postprocessVersion}/%'`;

/** In the order of what `save` is given. */
const saved = [
  ...[
    'hash',
    'image_hash',
    'x',
    'y',
    'width',
    'height',
    'model',
    'model_version',
    'preparation',
    'prompt',
    'image_type',
  ],
  ...[
    'status',
    'error',
    'found',
    'p_value',
    'similarity',
    'area_pixels',
    'area_fraction',
    'boxes',
    'counts',
    'polygons',
  ],
  ...['created_at', 'recognition'],
];

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

  async byHashes(hashes: readonly string[]): Promise<ReadonlyMap<string, StoredMask>> {
    const rows = await this.read<MaskRow>(
      `SELECT ${maskColumns} FROM mask WHERE hash IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(hashes)],
    );
    return new Map(rows.map((row) => [row.hash, toMask(row)]));
  }

  /** The masks of pictures that were drawn as we draw now, in the order of their making. */
  async ofImages(imageHashes: readonly string[]): Promise<readonly StoredMask[]> {
    const rows = await this.read<MaskRow>(
      `SELECT ${maskColumns} FROM mask WHERE status = 'READY' AND image_hash IN (SELECT value FROM json_each(?))
         AND ${drawnAsNow}
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

  /** The run lengths of a drawn mask, without its polygons, which are larger. */
  async runLengths(hash: string): Promise<MaskShape['rle'] | null> {
    const [row] = await this.read<{ width: number; height: number; counts: string }>(
      `SELECT width, height, counts FROM mask WHERE status = 'READY' AND hash = ?`,
      [hash],
    );
    return row === undefined ? null : { size: [row.height, row.width], counts: row.counts };
  }

  /** Drawn masks of panels that are in the corpus. A mask is kept where its panel or its figure is gone: it may come again. */
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

  /** @returns what is stored: the one that was drawn before, where it was drawn meanwhile */
  saveDrawn(record: MaskRecord, mask: DrawnMask): Promise<StoredMask> {
    return this.database.write((runner) => saveMask(runner, record, mask, null));
  }

  /** No filter sees it. @returns what is stored: a mask that was drawn meanwhile stays */
  saveFailed(record: MaskRecord, error: string): Promise<StoredMask> {
    return this.database.write((runner) => save(runner, record, ['FAILED', error, ...Array<null>(8).fill(null)], null));
  }

  private read<Result>(sql: string, values: readonly string[]): Promise<Result[]> {
    return this.database.reader.query<Result[]>(sql, [...values]);
  }
}

/**
 * @param recognition the hash of the recognition that it is part of; null for a mask of its own
 * @returns what is stored: the one that was drawn before, where it was drawn meanwhile
 */
export async function saveMask(
  runner: QueryRunner,
  record: MaskRecord,
  mask: DrawnMask,
  recognition: string | null,
): Promise<StoredMask> {
  const { found, pValue, similarity, areaPixels, areaFraction, boxes, rle, polygons } = mask;
  const numbers = [found === null ? null : Number(found), pValue, similarity, areaPixels, areaFraction];
  const shapes = [JSON.stringify(boxes), rle.counts, JSON.stringify(polygons)];
  const stored = await save(runner, record, ['READY', null, ...numbers, ...shapes], recognition);
  // Filters that were resolved for the masks as they were are not used again.
  await runner.query(`UPDATE property SET value = CAST(value AS INTEGER) + 1 WHERE name = 'masks_version'`);
  return stored;
}

async function save(
  runner: QueryRunner,
  { hash, key, model }: MaskRecord,
  outcome: readonly (string | number | null)[],
  recognition: string | null,
): Promise<StoredMask> {
  const { imageHash, box, modelVersion, preparation, prompt, imageType } = key;
  const { x, y, width, height } = box;
  const of = [hash, imageHash, x, y, width, height, model, modelVersion, preparation, prompt, imageType];
  await runner.query(
    `INSERT INTO mask (${saved.join(', ')}) VALUES (${saved.map(() => '?').join(', ')})
     ON CONFLICT (hash) DO UPDATE SET ${saved.map((name) => `${name} = excluded.${name}`).join(', ')}
     WHERE mask.status <> 'READY'`,
    [...of, ...outcome, Date.now(), recognition],
  );
  const [row] = (await runner.query(`SELECT ${maskColumns} FROM mask WHERE hash = ?`, [hash])) as MaskRow[];
  if (row === undefined) throw new Error('a saved mask is there');
  return toMask(row);
}

/** Whether a mask is that of a panel: its picture may have been replaced, its box moved. */
export function isMaskOf(mask: Pick<StoredMask, 'imageHash' | 'box'>, imageHash: ImageHash, box: Box): boolean {
  return mask.imageHash === imageHash && isDeepStrictEqual(mask.box, box);
}

export function toMask(row: MaskRow): StoredMask {
  const { hash, image_hash: imageHash, x, y, width, height, model, prompt, image_type: imageType } = row;
  const of = { hash, imageHash, box: { x, y, width, height }, model, prompt, imageType };
  return { ...of, isRecognised: row.recognition !== null, outcome: outcomeOf(row) };
}

function outcomeOf(row: MaskRow): MaskOutcome {
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
