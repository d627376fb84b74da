import {
  hashDetectedMask,
  type DetectedObject,
  type DetectionRecord,
  type StoredDetection,
} from '../../src/domain/detection.js';
import type { StoredMask } from '../../src/domain/stored-mask.js';
import { DetectionStore } from '../../src/ports/detection-store.js';
import { MemoryMaskStore } from './memory-mask-store.js';

interface Row {
  readonly imageType: string;
  readonly failure: Extract<StoredDetection['outcome'], { readonly status: 'FAILED' }> | null;
}

/** Detections in memory. */
export class MemoryDetectionStore extends DetectionStore {
  private readonly rows = new Map<string, Row>();

  /** @param masks takes the masks of the objects */
  constructor(private readonly masks = new MemoryMaskStore()) {
    super();
  }

  byHash(hash: string): Promise<StoredDetection | undefined> {
    const row = this.rows.get(hash);
    return Promise.resolve(row && this.toStored(hash, row));
  }

  saveDrawn(record: DetectionRecord, objects: readonly DetectedObject[]): Promise<StoredDetection> {
    const { hash, key, model } = record;
    const stored = this.save(record, null);
    for (const { prompt, drawn } of objects) {
      this.masks.saveObject({ hash: hashDetectedMask(hash, prompt), key: { ...key, prompt }, model }, drawn, hash);
    }
    return Promise.resolve(this.toStored(hash, stored));
  }

  saveFailed(record: DetectionRecord, error: string): Promise<StoredDetection> {
    const stored = this.save(record, { status: 'FAILED', error, at: new Date() });
    return Promise.resolve(this.toStored(record.hash, stored));
  }

  private save({ hash, key }: DetectionRecord, failure: Row['failure']): Row {
    const existing = this.rows.get(hash);
    if (existing?.failure === null) return existing;
    const row = { imageType: key.imageType, failure };
    this.rows.set(hash, row);
    return row;
  }

  private toStored(hash: string, { imageType, failure }: Row): StoredDetection {
    if (failure !== null) return { imageType, outcome: failure };
    const masks = [...this.masks.ofDetection(hash)].sort((a, b) => readPValue(b) - readPValue(a));
    return { imageType, outcome: { status: 'READY', masks } };
  }
}

function readPValue({ outcome }: StoredMask): number {
  return outcome.status === 'READY' ? (outcome.measures.pValue ?? -1) : -1;
}
