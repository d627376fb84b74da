/**
 * A setting of a corpus: `active_model` and `active_panel_detector` are the names of the packages that “models use” chose (an empty
 * name: no detector); `channel_weights` are the weights and
 * the depth that “tune” chose for each version of a model (src/domain/tuned-settings.ts); `linear_heads` are the classifiers
 * that “classify train” kept, by the same versions (src/domain/linear-head.ts).
 */
export type SettingName = 'active_model' | 'active_panel_detector' | 'channel_weights' | 'linear_heads';

/** What a process that works with the vectors of a model says about itself. */
export interface Lease {
  /** Of the model package. */
  readonly version: string;
  readonly host: string;
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Facts about a corpus that outlive a process, and which processes use which model now. */
export abstract class SettingsStore {
  /** @returns null where the setting was never made */
  abstract get(name: SettingName): Promise<string | null>;

  abstract set(name: SettingName, value: string): Promise<void>;

  /** Keeps or replaces the lease of a process. @param server a name of its own */
  abstract renewLease(server: string, lease: Lease): Promise<void>;

  /** A lease that is absent is no error. */
  abstract releaseLease(server: string): Promise<void>;

  /**
   * Versions whose vectors are needed now. Leases that were not renewed for a minute, and those of processes that are
   * gone, are deleted.
   * @param isGone whether a process is known to be gone
   */
  abstract activeLeases(isGone: (lease: Lease) => boolean): Promise<ReadonlySet<string>>;
}
