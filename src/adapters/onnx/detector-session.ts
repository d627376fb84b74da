import { warmUpPicture, type ModelSession, type OpenGraph } from './model-session.js';
import type { Answer, DetectWork, PanelDetectorFiles, RunWork } from './messages.js';
import { toFloats, toTensor, type RunnableGraph } from './onnx-graph.js';

type Detections = Extract<Answer, { readonly kind: 'detections' }>;

/** A panel detector in the inference child. */
export class DetectorSession implements ModelSession {
  private constructor(
    private readonly graph: RunnableGraph,
    private readonly size: number,
  ) {}

  static async open({ graph, imageSize }: PanelDetectorFiles, open: OpenGraph): Promise<DetectorSession> {
    return new DetectorSession(await open(graph), imageSize);
  }

  async warmUp(): Promise<readonly Float32Array[]> {
    const { size } = this;
    const { boxes, scores } = await this.detect({ kind: 'detect', pixels: warmUpPicture(size), count: 1, size });
    return [boxes, scores];
  }

  async answer(work: RunWork): Promise<Answer> {
    if (work.kind !== 'detect') throw new Error('A panel detector finds panels alone');
    return this.detect(work);
  }

  private async detect({ pixels, count, size }: DetectWork): Promise<Detections> {
    const outputs = await this.graph.run({ pixels: toTensor(pixels, [count, size, size, 3]) }, ['boxes', 'scores']);
    return { kind: 'detections', boxes: toFloats(outputs, 'boxes'), scores: toFloats(outputs, 'scores') };
  }
}
