import type { PanelDetector } from '../domain/panel-detector.js';
import type { ModelRegistry } from '../model-packages/package-registry.js';
import type { PanelPredictor } from '../ports/panel-predictor.js';

/** The detector that ingests find panels by. Its process starts with the first figure that it looks at. */
export class PanelDetectorProvider {
  /** By version: a run keeps the detector that it began with. */
  private readonly opened = new Map<string, PanelPredictor>();

  /** @param activeName name of the active package; null: panels are found by rules */
  constructor(
    private readonly registry: Pick<ModelRegistry, 'panelDetector' | 'loadPanelDetector'>,
    private readonly activeName: () => Promise<string | null>,
    private readonly newPredictor: (model: PanelDetector) => PanelPredictor,
  ) {}

  /** @returns null where panels are found by rules @throws {FigseekError} MODEL_UNAVAILABLE saying the fix */
  async current(): Promise<PanelPredictor | null> {
    const name = await this.activeName();
    if (name === null) return null;
    const { version } = await this.registry.panelDetector(name);
    const known = this.opened.get(version);
    if (known !== undefined) return known;
    const predictor = this.newPredictor(await this.registry.loadPanelDetector(name));
    this.opened.set(predictor.model.version, predictor);
    return predictor;
  }

  async close(): Promise<void> {
    await Promise.all([...this.opened.values()].map((predictor) => predictor.close()));
  }
}
