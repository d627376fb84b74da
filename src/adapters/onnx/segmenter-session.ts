import { LRUCache } from 'lru-cache';
import { sha256 } from '../../domain/ids.js';
import { warmUpPicture, type ModelSession, type OpenGraph } from './model-session.js';
import type { Answer, InspectWork, RunWork, SegmenterFiles, SegmentWork } from './messages.js';
import { toFloats, toTensor, type RunnableGraph, type Tensor, type Tensors } from './onnx-graph.js';

type MaskAnswer = Extract<Answer, { readonly kind: 'mask' }>;

/** Two by two cells on the coarsest level: the least that every graph takes. */
const warmUpSize = 64;

interface Graphs {
  readonly image: RunnableGraph;
  readonly text: RunnableGraph;
  readonly decoder: RunnableGraph;
}

/**
 * A segmenter in the inference child. What the image graph gave is kept, by the picture's bytes: a further prompt on
 * the same picture costs the text graph and the decoder. Features never leave the child: at full size they have 440 MB.
 */
export class SegmenterSession implements ModelSession {
  private readonly features: LRUCache<string, Tensors>;
  /** Outputs of the image graph that the decoder takes. */
  private readonly wanted: readonly string[];

  private constructor(
    private readonly graphs: Graphs,
    cacheBytes: number,
  ) {
    this.features = new LRUCache({ maxSize: cacheBytes, sizeCalculation: bytesOf });
    this.wanted = graphs.decoder.inputNames.filter((name) => name !== 'tokens' && name !== 'sentence');
  }

  static async open(files: SegmenterFiles, open: OpenGraph): Promise<SegmenterSession> {
    const text = await open(files.textGraph);
    const decoder = await open(files.decoderGraph);
    return new SegmenterSession({ image: await open(files.imageGraph), text, decoder }, files.cacheBytes);
  }

  async warmUp(): Promise<readonly Float32Array[]> {
    const pixels = warmUpPicture(warmUpSize);
    const { logits } = await this.segment({ kind: 'segment', pixels, size: warmUpSize, ids: Int32Array.of(0, 1) });
    this.features.clear();
    return [logits];
  }

  async answer(work: RunWork): Promise<Answer> {
    switch (work.kind) {
      case 'segment':
        return this.segment(work);
      case 'inspect':
        return { kind: 'tensors', tensors: await this.inspect(work) };
      case 'images':
      case 'texts':
      case 'support':
      case 'detect':
        throw new Error('A segmenter embeds nothing and finds no panels');
    }
  }

  private async segment({ pixels, size, ids }: SegmentWork): Promise<MaskAnswer> {
    const startedAt = performance.now();
    const key = `${size} ${sha256(pixels)}`;
    const kept = this.features.get(key);
    const features = kept ?? (await this.graphs.image.run({ pixels: picture(pixels, size) }, this.wanted));
    if (kept === undefined) this.features.set(key, features);
    const encodedAt = performance.now();
    const { decoder } = this.graphs;
    const outputs = await decoder.run(await this.feeds(ids, features), ['logits', 'similarity', 'query']);
    return {
      kind: 'mask',
      logits: toFloats(outputs, 'logits'),
      side: size / 4,
      similarity: toFloats(outputs, 'similarity'),
      query: Number(outputs['query']?.data[0]),
      imageMs: kept === undefined ? encodedAt - startedAt : null,
      promptMs: performance.now() - encodedAt,
    };
  }

  private async inspect({ pixels, size, ids, names }: InspectWork): Promise<Record<string, Float32Array>> {
    const { image, decoder } = this.graphs;
    const ofText = ['tokens', 'sentence'];
    const ofImage = names.filter((name) => !ofText.includes(name) && !isOfDecoder(name));
    const encoded = await image.run({ pixels: picture(pixels, size) }, [...new Set([...this.wanted, ...ofImage])]);
    const feeds = await this.feeds(ids, encoded);
    const decoded = names.some(isOfDecoder) ? await decoder.run(feeds, names.filter(isOfDecoder)) : {};
    const all = { ...encoded, ...feeds, ...decoded };
    return Object.fromEntries(names.map((name) => [name, toFloats(all, name)]));
  }

  private async feeds(ids: Int32Array, features: Tensors): Promise<Tensors> {
    const text = await this.graphs.text.run({ input_ids: toTensor(ids, [ids.length]) }, ['tokens', 'sentence']);
    const needed = this.wanted.map((name): [string, Tensor | undefined] => [name, features[name]]);
    return { ...text, ...(Object.fromEntries(needed) as Tensors) };
  }
}

function isOfDecoder(name: string): boolean {
  return /^(?:queries_\d+|logits|similarity)$/.test(name);
}

function picture(pixels: Uint8Array, size: number): Tensor {
  return toTensor(pixels, [size, size, 3]);
}

function bytesOf(tensors: Tensors): number {
  return Object.values(tensors).reduce((sum, { size }) => sum + 4 * size, 0);
}
