/** The only import of onnxruntime-node; only the inference child may import this file. */
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import { hasDevices } from './messages.js';
import type { ProviderName } from '../../domain/inference-status.js';

export type { Tensor } from 'onnxruntime-node';
export type Tensors = Readonly<Record<string, Tensor>>;

// A provider whose libraries are absent is a finding that we report, not an error to print.
env.logLevel = 'fatal';

/** One ONNX graph, ready to run. */
export interface RunnableGraph {
  readonly inputNames: readonly string[];
  /** @param fetches the outputs that are wanted; the others are dropped where they are made */
  run(feeds: Tensors, fetches: readonly string[]): Promise<Tensors>;
  release(): Promise<void>;
}

/** A graph by onnxruntime-node. */
export class OnnxGraph implements RunnableGraph {
  private constructor(private readonly session: InferenceSession) {}

  /** @param graph a file, or the bytes of one @param device number of the GPU, where there are several */
  static async open(
    graph: string | Uint8Array,
    provider: ProviderName,
    { threads, device }: { readonly threads: number; readonly device: number },
  ): Promise<OnnxGraph> {
    const session = await create(graph, {
      executionProviders: [hasDevices(provider) ? { name: provider, deviceId: device } : provider],
      graphOptimizationLevel: 'all',
      // A thread that spins while it waits takes a core from the processes that decode the next images.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
      ...(threads > 0 ? { intraOpNumThreads: threads } : {}),
    });
    return new OnnxGraph(session);
  }

  get inputNames(): readonly string[] {
    return this.session.inputNames;
  }

  async run(feeds: Tensors, fetches: readonly string[]): Promise<Tensors> {
    return this.session.run(feeds, fetches);
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}

/** Overloads of the library take either. */
function create(graph: string | Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession> {
  return typeof graph === 'string' ? InferenceSession.create(graph, options) : InferenceSession.create(graph, options);
}

export function toTensor(data: Uint8Array | Int32Array | Float32Array, shape: readonly number[]): Tensor {
  if (data instanceof Uint8Array) return new Tensor('uint8', data, shape);
  return data instanceof Int32Array ? new Tensor('int32', data, shape) : new Tensor('float32', data, shape);
}

/** The values of a float32 output. @throws {Error} it is absent or of another type */
export function toFloats(outputs: Tensors, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`The graph has no float32 output named “${name}”`);
  return data;
}
