/** Images that a person sent to search by or to add: kept for a while, never served, then deleted. */
export abstract class UploadStore {
  /** @throws {FigseekError} RATE_LIMITED when too much is kept already */
  abstract put(bytes: Uint8Array): Promise<{ readonly id: string; readonly expiresAt: Date }>;

  /** Of an upload that turned out to be no image. */
  abstract discard(id: string): Promise<void>;

  /** @throws {FigseekError} NOT_FOUND when it never was or has expired */
  abstract get(id: string): Promise<Uint8Array>;

  /** Where it lies. @throws {FigseekError} as `get` */
  abstract fileOf(id: string): Promise<string>;
}
