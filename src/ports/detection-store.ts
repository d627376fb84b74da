import type { DetectedObject, DetectionRecord, StoredDetection } from '../domain/detection.js';

/** Detections by their hashes, kept for ever. The masks of their objects are masks of the `MaskStore` as well. */
export abstract class DetectionStore {
  /** The objects have the highest p-value first, those of one p-value the order in which they were saved. */
  abstract byHash(hash: string): Promise<StoredDetection | undefined>;

  /** Replaces a failure. @returns what is stored then: the earlier objects where there were any */
  abstract saveDrawn(record: DetectionRecord, objects: readonly DetectedObject[]): Promise<StoredDetection>;

  /** Replaces an earlier failure, and nothing else. @returns what is stored then: the earlier objects where there were any */
  abstract saveFailed(record: DetectionRecord, error: string): Promise<StoredDetection>;
}
