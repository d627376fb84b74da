import type { PanelDetector } from '../domain/panel-detector.js';
import type { ModelRegistry } from '../model-packages/package-registry.js';
import type { PanelPredictor } from '../ports/panel-predictor.js';

/** The detector that ingests find panels by. Its process starts with the first figure that it looks at. */
export class PanelDetectorProvider {
  /**
   * By version: a run keeps the detector that it began with. Promises are kept, so that two runs that begin at the same time
   * share one detector and its process.
   */
  private readonly opened = new Map<string, Promise<PanelPredictor>>();

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
    const opening = this.registry.loadPanelDetector(name).then(this.newPredictor);
    this.opened.set(version, opening);
    try {
      return await opening;
    } catch (error) {
      // A package that could not be read may be read the next time.
      this.opened.delete(version);
      throw error;
    }
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.opened.values());
    await Promise.all(opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value.close()] : [])));
  }
}
