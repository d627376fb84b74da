import { MaskPredictor } from '../../ports/mask-predictor.js';
import { FigseekError } from '../../domain/errors.js';
import type { RawMask, Segmenter, SegmenterInput } from '../../domain/segmenter.js';
import type { InferenceOptions } from './inference-options.js';
import { InferenceWorker } from './inference-worker.js';
import type { Answer, InspectWork, SegmentWork } from './messages.js';
import type { InferenceStatus } from '../../domain/inference-status.js';
import type { Priority } from '../../domain/priority.js';

export interface SegmenterOptions extends Omit<InferenceOptions, 'batch'> {
  /** Most bytes of image features that the child keeps for further prompts. */
  readonly cacheBytes: number;
}

type Input = Omit<SegmentWork, 'kind'> & { readonly names?: readonly string[] };

/**
 * Draws masks by a segmenter that runs in a child process. One prompt is one run of the decoder: prompts that share a
 * run change each other's masks in the official code.
 */
export class OnnxSegmenter extends MaskPredictor {
  private readonly runner: InferenceWorker<Input, Answer>;

  constructor(
    readonly model: Segmenter,
    { cacheBytes, ...options }: SegmenterOptions,
  ) {
    super();
    const { name, version, imageGraph, textGraph, decoderGraph } = model;
    this.runner = new InferenceWorker(
      {
        name,
        files: { kind: 'segmenter', version, imageGraph, textGraph, decoderGraph, cacheBytes },
        kindOf: () => 'prompt',
        toWork: ([input]) => toWork(input),
        toResult: (answer) => answer,
      },
      { ...options, batch: 1 },
    );
  }

  /** Starts the child and loads the model. @throws {FigseekError} MODEL_UNAVAILABLE with the reason */
  start(): Promise<void> {
    return this.runner.start();
  }

  status(): InferenceStatus {
    return this.runner.status();
  }

  /** The child's process number, for tests that end it. */
  get pid(): number | undefined {
    return this.runner.pid;
  }

  /** @param input from the model's `preprocess` @param ids from its `tokenize` */
  async segment(input: SegmenterInput, ids: Int32Array, priority: Priority): Promise<RawMask> {
    const answer = await this.ask(input, ids, priority);
    if (answer.kind !== 'mask') throw new FigseekError('MODEL_UNAVAILABLE', 'The segmenter gave no mask');
    return answer;
  }

  /** Values on the way to a mask, by the names of the graphs' outputs: for checks against the official code. */
  async inspect(
    input: SegmenterInput,
    ids: Int32Array,
    names: readonly string[],
  ): Promise<Readonly<Record<string, Float32Array>>> {
    const answer = await this.ask(input, ids, 'bulk', names);
    if (answer.kind !== 'tensors') throw new FigseekError('MODEL_UNAVAILABLE', 'The segmenter gave no tensors');
    return answer.tensors;
  }

  /** Ends the child; what waits fails with MODEL_UNAVAILABLE. */
  close(): Promise<void> {
    return this.runner.close();
  }

  private async ask(
    { pixels, size }: SegmenterInput,
    ids: Int32Array,
    priority: Priority,
    names?: readonly string[],
  ): Promise<Answer> {
    if (pixels.length !== size * size * 3) {
      const message = `Expected ${size * size * 3} pixel values but received ${pixels.length}`;
      throw new FigseekError('BAD_USER_INPUT', message);
    }
    const input = { pixels, size, ids, ...(names === undefined ? {} : { names }) };
    const [answer] = await this.runner.run([input], priority);
    if (answer === undefined) throw new Error('one input has one answer');
    return answer;
  }
}

function toWork(input: Input | undefined): SegmentWork | InspectWork {
  if (input === undefined) throw new Error('a run has an input');
  const { names, ...prompt } = input;
  return names === undefined ? { kind: 'segment', ...prompt } : { kind: 'inspect', ...prompt, names };
}
