import type { Box } from '../../src/domain/figure.js';
import type { ImageHash } from '../../src/domain/ids.js';
import { isCurrentPreparation, type DrawnMask, type MaskOutcome, type MaskShape } from '../../src/domain/mask.js';
import type { MaskRecord, StoredMask } from '../../src/domain/stored-mask.js';
import { MaskStore } from '../../src/ports/mask-store.js';

interface Row {
  readonly stored: StoredMask;
  readonly preparation: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** Null for a failure. */
  readonly shape: MaskShape | null;
  /** The hash of the detection that it is an object of. */
  readonly detection: string | null;
}

/** Masks in memory. */
export class MemoryMaskStore extends MaskStore {
  private readonly rows = new Map<string, Row>();

  /** @param hasPanel whether a panel of the corpus has this image and this box */
  constructor(private readonly hasPanel: (imageHash: ImageHash, box: Box) => boolean = () => true) {
    super();
  }

  /** All that is stored. */
  get all(): readonly StoredMask[] {
    return [...this.rows.values()].map(({ stored }) => stored);
  }

  byHashes(hashes: readonly string[]): Promise<ReadonlyMap<string, StoredMask>> {
    return Promise.resolve(new Map(this.find(hashes).map(({ stored }) => [stored.hash, stored])));
  }

  ofImages(imageHashes: readonly string[]): Promise<readonly StoredMask[]> {
    const found = this.ready().filter(
      ({ stored, preparation }) => imageHashes.includes(stored.imageHash) && isCurrentPreparation(preparation),
    );
    const order = (a: Row, b: Row) => a.savedAt - b.savedAt || (a.stored.hash < b.stored.hash ? -1 : 1);
    return Promise.resolve(found.sort(order).map(({ stored }) => stored));
  }

  shapes(hashes: readonly string[]): Promise<ReadonlyMap<string, MaskShape>> {
    const found = this.find(hashes).flatMap(({ stored, shape }) =>
      shape === null ? [] : [[stored.hash, shape] as const],
    );
    return Promise.resolve(new Map(found));
  }

  runLengths(hash: string): Promise<MaskShape['rle'] | null> {
    return Promise.resolve(this.rows.get(hash)?.shape?.rle ?? null);
  }

  count(): Promise<number> {
    const counted = this.ready().filter(({ stored: { imageHash, box } }) => this.hasPanel(imageHash, box));
    return Promise.resolve(counted.length);
  }

  saveDrawn(record: MaskRecord, mask: DrawnMask): Promise<StoredMask> {
    return Promise.resolve(this.saveObject(record, mask, null));
  }

  saveFailed(record: MaskRecord, error: string): Promise<StoredMask> {
    return Promise.resolve(this.save(record, { status: 'FAILED', error, at: new Date() }, null, null));
  }

  /** @param detection the hash of the detection that the mask is an object of; null for a mask by its prompt */
  saveObject(record: MaskRecord, { rle, polygons, ...measures }: DrawnMask, detection: string | null): StoredMask {
    return this.save(record, { status: 'READY', measures }, { rle, polygons }, detection);
  }

  /** The objects of a detection in the order in which they were saved. */
  ofDetection(detection: string): readonly StoredMask[] {
    return [...this.rows.values()].filter((row) => row.detection === detection).map(({ stored }) => stored);
  }

  private save(
    { hash, key, model }: MaskRecord,
    outcome: MaskOutcome,
    shape: MaskShape | null,
    detection: string | null,
  ): StoredMask {
    const existing = this.rows.get(hash);
    if (existing?.stored.outcome.status === 'READY') return existing.stored;
    const { imageHash, box, prompt, imageType, preparation } = key;
    const stored = { hash, imageHash, box, model, prompt, imageType, isDetected: detection !== null, outcome };
    this.rows.set(hash, { stored, preparation, savedAt: Date.now(), shape, detection });
    return stored;
  }

  private find(hashes: readonly string[]): readonly Row[] {
    return [...new Set(hashes)].flatMap((hash) => this.rows.get(hash) ?? []);
  }

  private ready(): Row[] {
    return [...this.rows.values()].filter(({ stored }) => stored.outcome.status === 'READY');
  }
}
