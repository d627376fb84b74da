import type { LoadedModel, OpenGraph } from './loaded-model.js';
import type { Answer, DualEncoderFiles, ImagesWork, RunWork, TextsWork } from './messages.js';
import { floatsOf, tensorOf, type OnnxGraph } from './onnx-graph.js';

/** A dual encoder in the inference child. */
export class LoadedEncoder implements LoadedModel {
  private constructor(
    private readonly image: OnnxGraph,
    private readonly text: OnnxGraph,
    private readonly imageSize: number,
  ) {}

  static async open({ imageGraph, textGraph, imageSize }: DualEncoderFiles, open: OpenGraph): Promise<LoadedEncoder> {
    const text = await open(textGraph);
    return new LoadedEncoder(await open(imageGraph), text, imageSize);
  }

  async warmUp(): Promise<void> {
    const ids = Int32Array.of(1, 1);
    await this.embedTexts({ kind: 'texts', ids, mask: ids.slice(), count: 1, length: 2 });
    const size = this.imageSize;
    await this.embedImages({ kind: 'images', pixels: new Uint8Array(size * size * 3), count: 1, size });
  }

  async answer(work: RunWork): Promise<Answer> {
    switch (work.kind) {
      case 'images':
        return { kind: 'vectors', vectors: await this.embedImages(work) };
      case 'texts':
        return { kind: 'vectors', vectors: await this.embedTexts(work) };
      case 'segment':
      case 'inspect':
        throw new Error('A dual encoder draws no masks');
    }
  }

  private async embedImages({ pixels, count, size }: ImagesWork): Promise<Float32Array> {
    const feeds = { pixels: tensorOf(pixels, [count, size, size, 3]) };
    return floatsOf(await this.image.run(feeds, ['embedding']), 'embedding');
  }

  private async embedTexts({ ids, mask, count, length }: TextsWork): Promise<Float32Array> {
    const shape = [count, length];
    const feeds = { input_ids: tensorOf(ids, shape), attention_mask: tensorOf(mask, shape) };
    return floatsOf(await this.text.run(feeds, ['embedding']), 'embedding');
  }
}
