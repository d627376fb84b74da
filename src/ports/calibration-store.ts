import type { Calibration } from '../domain/calibration.js';
import type { ProviderName } from '../domain/inference-status.js';

/** What was measured of models on this machine. */
export abstract class CalibrationStore {
  /**
   * @param version of the model
   * @param providers what the model may run on: another list is another measurement
   * @returns null where this machine has not measured the model
   */
  abstract read(version: string, providers: readonly ProviderName[]): Promise<Calibration | null>;

  /** Keeps a measurement, in the place of an earlier one. */
  abstract write(version: string, providers: readonly ProviderName[], calibration: Calibration): Promise<void>;
}
