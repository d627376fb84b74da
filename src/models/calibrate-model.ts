import { availableParallelism, loadavg } from 'node:os';
import type { Calibration } from '../domain/calibration.js';
import type { DualEncoder } from '../domain/dual-encoder.js';
import type { ProviderName } from '../domain/inference-status.js';
import type { DualEncoderManifest } from '../model-packages/package-manifest.js';
import type { ModelRegistry } from '../model-packages/package-registry.js';
import type { CalibrationStore } from '../ports/calibration-store.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import type { Advise } from '../domain/advise.js';
import { describeCalibration } from './describe-calibration.js';
import type { Viewer } from '../domain/viewer.js';

export interface CalibrationSettings {
  readonly providers: readonly ProviderName[];
  /** Whether the configuration decides how runs are cut, so that no measurement counts. */
  readonly isFixed: boolean;
}

/** Where models are, and where measurements are kept. */
export interface CalibrationStores {
  readonly registry: Pick<ModelRegistry, 'load'>;
  readonly calibrations: CalibrationStore;
}

/** Measures how many threads and images of one run suit a model on this machine, and keeps the answer. */
export class CalibrateModel {
  /** @param measure runs the model for some seconds */
  constructor(
    private readonly stores: CalibrationStores,
    private readonly measure: (model: DualEncoder) => Promise<Calibration>,
    private readonly settings: CalibrationSettings,
    private readonly advise: Advise,
  ) {}

  /** @throws {FigseekError} MODEL_UNAVAILABLE where the package cannot be used */
  async run(_viewer: Viewer, name: string, { tell }: Pick<WorkReporter, 'tell'>): Promise<Calibration> {
    const [loadBefore = 0] = loadavg();
    const model = await this.stores.registry.load(name);
    const calibration = await this.measure(model);
    await this.stores.calibrations.write(model.version, this.settings.providers, calibration);
    tell(describeCalibration(calibration));
    if (loadBefore > availableParallelism() / 2) {
      const again = `“${this.advise(`models calibrate ${name}`)}” measures again when it is quiet`;
      tell(`The machine had other work (load ${loadBefore.toFixed(1)}): ${again}`);
    }
    return calibration;
  }

  /** Measures a model that this machine has not measured, unless the configuration decides. @throws as `run` */
  async runOnce(
    viewer: Viewer,
    { name, version }: DualEncoderManifest,
    reporter: Pick<WorkReporter, 'tell'>,
  ): Promise<void> {
    const { isFixed, providers } = this.settings;
    if (isFixed || (await this.stores.calibrations.read(version, providers)) !== null) return;
    await this.run(viewer, name, reporter);
  }
}
