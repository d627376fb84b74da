import type { PanelDetector, RawDetections } from '../domain/panel-detector.js';

/**
 * Runs a panel detector. All methods throw a FigseekError: MODEL_UNAVAILABLE, TIMEOUT, and BAD_USER_INPUT for an input that does
 * not fit the model.
 */
export abstract class PanelPredictor {
  abstract readonly model: PanelDetector;

  /** @param pixels uint8 RGB [size, size, 3], prepared as `model.preparation` says */
  abstract detect(pixels: Uint8Array): Promise<RawDetections>;

  /** What waits fails with MODEL_UNAVAILABLE. */
  abstract close(): Promise<void>;
}
