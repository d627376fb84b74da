import { warmUpPicture, type ModelSession, type OpenGraph } from './model-session.js';
import { messageOf } from '../../domain/errors.js';
import type { Answer, DualEncoderFiles, ImagesWork, RunWork, SupportWork, TextsWork } from './messages.js';
import { toFloats, toTensor, type RunnableGraph } from './onnx-graph.js';

/** A dual encoder in the inference child. */
export class EncoderSession implements ModelSession {
  private support: Promise<RunnableGraph> | null = null;

  private constructor(
    private readonly image: RunnableGraph,
    private readonly text: RunnableGraph,
    private readonly files: DualEncoderFiles,
    private readonly open: OpenGraph,
  ) {}

  static async open(files: DualEncoderFiles, open: OpenGraph): Promise<EncoderSession> {
    const text = await open(files.textGraph);
    return new EncoderSession(await open(files.imageGraph), text, files, open);
  }

  async warmUp(): Promise<readonly Float32Array[]> {
    const ids = Int32Array.of(1, 2, 3);
    const text = await this.embedTexts({ kind: 'texts', ids, mask: ids.map(() => 1), count: 1, length: ids.length });
    const size = this.files.imageSize;
    return [text, await this.embedImages({ kind: 'images', pixels: warmUpPicture(size), count: 1, size })];
  }

  async answer(work: RunWork): Promise<Answer> {
    switch (work.kind) {
      case 'images':
        return { kind: 'vectors', of: 'embeddings', vectors: await this.embedImages(work) };
      case 'texts':
        return { kind: 'vectors', of: 'embeddings', vectors: await this.embedTexts(work) };
      case 'support':
        return { kind: 'vectors', of: 'support', vectors: await this.supportOf(work) };
      case 'segment':
      case 'inspect':
      case 'detect':
        throw new Error('A dual encoder draws no masks and finds no panels');
    }
  }

  private async embedImages({ pixels, count, size }: ImagesWork): Promise<Float32Array> {
    const feeds = { pixels: toTensor(pixels, [count, size, size, 3]) };
    return toFloats(await this.image.run(feeds, ['embedding']), 'embedding');
  }

  private async supportOf({ pixels, directions, count, size }: SupportWork): Promise<Float32Array> {
    this.support ??= this.openSupport().catch((error: unknown) => {
      this.support = null;
      throw error;
    });
    const feeds = {
      pixels: toTensor(pixels, [count, size, size, 3]),
      direction: toTensor(directions, [count, directions.length / count]),
    };
    return toFloats(await (await this.support).run(feeds, ['support']), 'support');
  }

  // It holds the image tower's weights once more, so only who asks pays for it.
  private async openSupport(): Promise<RunnableGraph> {
    const { supportGraph } = this.files;
    if (supportGraph === null) throw new Error('The model package has no support graph');
    return this.open(supportGraph).catch((error: unknown) => {
      // The memory of a GPU may have no room for it as well.
      console.error(`Heat maps are made by the CPU, more slowly: ${messageOf(error)}`);
      return this.open(supportGraph, 'cpu');
    });
  }

  private async embedTexts({ ids, mask, count, length }: TextsWork): Promise<Float32Array> {
    const shape = [count, length];
    const feeds = { input_ids: toTensor(ids, shape), attention_mask: toTensor(mask, shape) };
    return toFloats(await this.text.run(feeds, ['embedding']), 'embedding');
  }
}
