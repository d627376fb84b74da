import { FigseekError } from '../../domain/errors.js';
import type { PanelDetector, RawDetections } from '../../domain/panel-detector.js';
import { PanelPredictor } from '../../ports/panel-predictor.js';
import type { InferenceOptions } from './inference-options.js';
import { InferenceWorker } from './inference-worker.js';
import type { Answer, DetectWork } from './messages.js';

/** Finds panels by a detector that runs in a child process, several images a run. */
export class OnnxPanelDetector extends PanelPredictor {
  private readonly runner: InferenceWorker<Uint8Array, RawDetections>;

  constructor(
    readonly model: PanelDetector,
    options: InferenceOptions,
  ) {
    super();
    const { name, version, graph, preparation } = model;
    this.runner = new InferenceWorker(
      {
        name,
        files: { kind: 'panel-detector', version, graph, imageSize: preparation.size },
        kindOf: () => 'image',
        toWork: (images) => toWork(images, preparation.size),
        toResult,
      },
      options,
    );
  }

  /** @throws {FigseekError} as the port says */
  async detect(pixels: Uint8Array): Promise<RawDetections> {
    const expected = this.model.preparation.size ** 2 * 3;
    if (pixels.length !== expected) {
      throw new FigseekError('BAD_USER_INPUT', `Expected ${expected} pixel values but received ${pixels.length}`);
    }
    const [found] = await this.runner.run([pixels], 'bulk');
    if (found === undefined) throw new Error('one image has one answer');
    return found;
  }

  close(): Promise<void> {
    return this.runner.close();
  }
}

function toWork(images: readonly Uint8Array[], size: number): DetectWork {
  return { kind: 'detect', pixels: Buffer.concat(images), count: images.length, size };
}

/** @throws {Error} the answer is none of a detector */
function toResult(answer: Answer, row: number, count: number): RawDetections {
  if (answer.kind !== 'detections') throw new Error('The panel detector gave no boxes');
  const part = (values: Float32Array) => {
    const length = values.length / count;
    return values.subarray(row * length, (row + 1) * length);
  };
  return { boxes: part(answer.boxes), scores: part(answer.scores) };
}
