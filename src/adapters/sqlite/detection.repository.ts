import type { QueryRunner } from 'typeorm';
import { detectedMaskHash, type DetectedObject, type DetectionKey } from '../../domain/detection.js';
import type { Database } from './database.js';
import { maskColumns, saveMask, toMask, type MaskRow, type StoredMask } from './mask.repository.js';

/** What becomes of an asked recognition, with all it depends on. */
export interface DetectionRecord {
  readonly hash: string;
  readonly key: DetectionKey;
  /** The segmenter's name. */
  readonly model: string;
}

/** All objects of an image type in a picture. */
export interface StoredDetection {
  readonly imageType: string;
  readonly outcome:
    | { readonly status: 'READY'; readonly masks: readonly StoredMask[] }
    | { readonly status: 'FAILED'; readonly error: string; readonly at: Date };
}

interface Row {
  readonly image_type: string;
  readonly status: 'READY' | 'FAILED';
  readonly error: string | null;
  readonly created_at: number;
}

/** Recognitions, kept for ever; the masks of their objects lie among the others. */
export class DetectionRepository {
  constructor(private readonly database: Database) {}

  async byHash(hash: string): Promise<StoredDetection | undefined> {
    const [row] = await this.database.reader.query<Row[]>(
      `SELECT image_type, status, error, created_at FROM recognition WHERE hash = ?`,
      [hash],
    );
    if (row === undefined) return undefined;
    const { image_type: imageType, status, error, created_at: at } = row;
    if (status === 'FAILED') return { imageType, outcome: { status, error: error ?? '', at: new Date(at) } };
    const masks = await this.database.reader.query<MaskRow[]>(
      `SELECT ${maskColumns} FROM mask WHERE recognition = ? ORDER BY p_value DESC, rowid`,
      [hash],
    );
    return { imageType, outcome: { status, masks: masks.map(toMask) } };
  }

  /** @returns what is stored: what was recognised before, where it was meanwhile */
  async saveDrawn(record: DetectionRecord, objects: readonly DetectedObject[]): Promise<StoredDetection> {
    const { hash, key, model } = record;
    await this.database.write(async (runner) => {
      await save(runner, record, null);
      for (const { prompt, drawn } of objects) {
        await saveMask(runner, { hash: detectedMaskHash(hash, prompt), key: { ...key, prompt }, model }, drawn, hash);
      }
    });
    return this.kept(hash);
  }

  /** @returns what is stored: what was recognised meanwhile stays */
  async saveFailed(record: DetectionRecord, error: string): Promise<StoredDetection> {
    await this.database.write((runner) => save(runner, record, error));
    return this.kept(record.hash);
  }

  private async kept(hash: string): Promise<StoredDetection> {
    const stored = await this.byHash(hash);
    if (stored === undefined) throw new Error('a saved recognition is there');
    return stored;
  }
}

/** @param error null where it was made */
async function save(runner: QueryRunner, { hash, key, model }: DetectionRecord, error: string | null): Promise<void> {
  const { imageHash, box, modelVersion, preparation, imageType, minPValue } = key;
  const of = [hash, imageHash, box.x, box.y, box.width, box.height, model, modelVersion, preparation];
  await runner.query(
    `INSERT INTO recognition (hash, image_hash, x, y, width, height, model, model_version, preparation, image_type,
       min_p_value, status, error, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (hash) DO UPDATE SET status = excluded.status, error = excluded.error, created_at = excluded.created_at
     WHERE recognition.status <> 'READY'`,
    [...of, imageType, minPValue, error === null ? 'READY' : 'FAILED', error, Date.now()],
  );
}
