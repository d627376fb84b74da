import type { QueryRunner } from 'typeorm';
import {
  hashDetectedMask,
  type DetectedObject,
  type DetectionRecord,
  type StoredDetection,
} from '../../domain/detection.js';
import { DetectionStore } from '../../ports/detection-store.js';
import type { Database } from './database.js';
import { maskColumns, saveDrawnMask, toStoredMask, type MaskRow } from './mask-rows.js';

interface Row {
  readonly image_type: string;
  readonly status: 'READY' | 'FAILED';
  readonly error: string | null;
  readonly created_at: number;
}

/** Detections in the table `recognition`; the masks of their objects are in the table `mask`. */
export class SqliteDetectionStore extends DetectionStore {
  constructor(private readonly database: Database) {
    super();
  }

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
    return { imageType, outcome: { status, masks: masks.map(toStoredMask) } };
  }

  async saveDrawn(record: DetectionRecord, objects: readonly DetectedObject[]): Promise<StoredDetection> {
    const { hash, key, model } = record;
    await this.database.write(async (runner) => {
      await save(runner, record, null);
      for (const { prompt, drawn } of objects) {
        const mask = { hash: hashDetectedMask(hash, prompt), key: { ...key, prompt }, model };
        await saveDrawnMask(runner, mask, drawn, hash);
      }
    });
    return this.readSaved(hash);
  }

  async saveFailed(record: DetectionRecord, error: string): Promise<StoredDetection> {
    await this.database.write((runner) => save(runner, record, error));
    return this.readSaved(record.hash);
  }

  private async readSaved(hash: string): Promise<StoredDetection> {
    const stored = await this.byHash(hash);
    if (stored === undefined) throw new Error(`Expected the detection ${hash} after it was saved`);
    return stored;
  }
}

/** @param error null where the objects were detected */
async function save(runner: QueryRunner, { hash, key, model }: DetectionRecord, error: string | null): Promise<void> {
  const { imageHash, box, modelVersion, preparation, imageType, minPValue } = key;
  const keyValues = [hash, imageHash, box.x, box.y, box.width, box.height, model, modelVersion, preparation];
  await runner.query(
    `INSERT INTO recognition (hash, image_hash, x, y, width, height, model, model_version, preparation, image_type,
       min_p_value, status, error, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (hash) DO UPDATE SET status = excluded.status, error = excluded.error, created_at = excluded.created_at
     WHERE recognition.status <> 'READY'`,
    [...keyValues, imageType, minPValue, error === null ? 'READY' : 'FAILED', error, Date.now()],
  );
}
