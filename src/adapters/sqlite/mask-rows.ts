import type { QueryRunner } from 'typeorm';
import type { Box } from '../../domain/figure.js';
import type { ImageHash } from '../../domain/ids.js';
import { postprocessVersion, type DrawnMask, type MaskMeasures, type MaskOutcome } from '../../domain/mask.js';
import type { MaskRecord, StoredMask } from '../../domain/stored-mask.js';

/** The columns of a row of the table `mask` that a `StoredMask` is made from. */
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

/** The columns of a `MaskRow`. */
export const maskColumns = `hash, image_hash, x, y, width, height, model, prompt, image_type, recognition, status, error, found, p_value,
  similarity, area_pixels, area_fraction, boxes, created_at`;

/** The SQL condition that a mask was made as masks are made now: `isCurrentPreparation`. */
export const currentVersionCondition = `preparation LIKE '${postprocessVersion}/%'`;

const keyColumns = [
  ...['hash', 'image_hash', 'x', 'y', 'width', 'height'],
  ...['model', 'model_version', 'preparation', 'prompt', 'image_type'],
];
const measureColumns = [
  'found',
  'p_value',
  'similarity',
  'area_pixels',
  'area_fraction',
  'boxes',
  'counts',
  'polygons',
];
/** All columns, in the order of the values that `insertMask` writes. */
const insertedColumns = [...keyColumns, 'status', 'error', ...measureColumns, 'created_at', 'recognition'];

/**
 * Stores a mask, unless it is READY already.
 * @param detection the hash of the detection that it is an object of; null for a mask by its prompt
 * @returns what is stored then
 */
export async function saveDrawnMask(
  runner: QueryRunner,
  record: MaskRecord,
  mask: DrawnMask,
  detection: string | null,
): Promise<StoredMask> {
  const { found, pValue, similarity, areaPixels, areaFraction, boxes, rle, polygons } = mask;
  const numbers = [found === null ? null : Number(found), pValue, similarity, areaPixels, areaFraction];
  const shapes = [JSON.stringify(boxes), rle.counts, JSON.stringify(polygons)];
  const stored = await insertMask(runner, record, ['READY', null, ...numbers, ...shapes], detection);
  // Filters that were resolved before this mask was there are not used again.
  await runner.query(`UPDATE property SET value = CAST(value AS INTEGER) + 1 WHERE name = 'masks_version'`);
  return stored;
}

/** Stores that a mask could not be made, unless it is READY already. @returns what is stored then */
export function saveFailedMask(runner: QueryRunner, record: MaskRecord, error: string): Promise<StoredMask> {
  return insertMask(runner, record, ['FAILED', error, ...measureColumns.map(() => null)], null);
}

/** @param outcome status, error and the values of `measureColumns` */
async function insertMask(
  runner: QueryRunner,
  { hash, key, model }: MaskRecord,
  outcome: readonly (string | number | null)[],
  detection: string | null,
): Promise<StoredMask> {
  const { imageHash, box, modelVersion, preparation, prompt, imageType } = key;
  const { x, y, width, height } = box;
  const keyValues = [hash, imageHash, x, y, width, height, model, modelVersion, preparation, prompt, imageType];
  await runner.query(
    `INSERT INTO mask (${insertedColumns.join(', ')}) VALUES (${insertedColumns.map(() => '?').join(', ')})
     ON CONFLICT (hash) DO UPDATE SET ${insertedColumns.map((name) => `${name} = excluded.${name}`).join(', ')}
     WHERE mask.status <> 'READY'`,
    [...keyValues, ...outcome, Date.now(), detection],
  );
  const [row] = (await runner.query(`SELECT ${maskColumns} FROM mask WHERE hash = ?`, [hash])) as MaskRow[];
  if (row === undefined) throw new Error(`Expected the mask ${hash} after it was saved`);
  return toStoredMask(row);
}

export function toStoredMask(row: MaskRow): StoredMask {
  const { hash, image_hash: imageHash, x, y, width, height, model, prompt, image_type: imageType } = row;
  const isDetected = row.recognition !== null;
  const box = { x, y, width, height };
  return { hash, imageHash, box, model, prompt, imageType, isDetected, outcome: toOutcome(row) };
}

function toOutcome(row: MaskRow): MaskOutcome {
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
