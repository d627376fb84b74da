import { FigseekError } from '../../src/domain/errors.js';
import type { PanelDetector, RawDetections } from '../../src/domain/panel-detector.js';
import { PanelPredictor } from '../../src/ports/panel-predictor.js';

const preparation = { size: 4, resizeMode: 'squash', interpolation: 'bilinear', fill: 0 } as const;

/** A detector without a network: as many columns as it is told stand side by side in every image. */
export class FakePanelPredictor extends PanelPredictor {
  /** How many images it was asked for. */
  asked = 0;
  isClosed = false;
  readonly model: PanelDetector;

  constructor(
    private readonly columns: number,
    change: Partial<PanelDetector> = {},
  ) {
    super();
    const limits = { minScore: 0.2, maxOverlap: 0.2 };
    const told = { name: 'columns', version: 'c'.repeat(64), license: 'MIT', warning: null, graph: '/none' };
    this.model = { ...told, preparation, limits, ...change };
  }

  /** The last column first, which has the highest score. */
  detect(pixels: Uint8Array): Promise<RawDetections> {
    if (this.isClosed) return Promise.reject(new FigseekError('MODEL_UNAVAILABLE', 'It is closed'));
    const expected = this.model.preparation.size ** 2 * 3;
    if (pixels.length !== expected) {
      const message = `Expected ${expected} pixel values but received ${pixels.length}`;
      return Promise.reject(new FigseekError('BAD_USER_INPUT', message));
    }
    this.asked += 1;
    const width = 1 / this.columns;
    const places = Array.from({ length: this.columns }, (_, at) => this.columns - 1 - at);
    return Promise.resolve({
      boxes: Float32Array.from(places.flatMap((at) => [(at + 0.5) * width, 0.5, width, 1])),
      scores: Float32Array.from(places, (at) => 0.5 + at / 100),
    });
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}
