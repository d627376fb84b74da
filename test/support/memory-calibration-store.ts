import type { Calibration } from '../../src/domain/calibration.js';
import type { ProviderName } from '../../src/domain/inference-status.js';
import { CalibrationStore } from '../../src/ports/calibration-store.js';

/** Measurements in memory. */
export class MemoryCalibrationStore extends CalibrationStore {
  private readonly measured = new Map<string, Calibration>();

  read(version: string, providers: readonly ProviderName[]): Promise<Calibration | null> {
    return Promise.resolve(this.measured.get(keyOf(version, providers)) ?? null);
  }

  write(version: string, providers: readonly ProviderName[], calibration: Calibration): Promise<void> {
    this.measured.set(keyOf(version, providers), calibration);
    return Promise.resolve();
  }
}

function keyOf(version: string, providers: readonly ProviderName[]): string {
  return `${version} ${providers.join(',')}`;
}
