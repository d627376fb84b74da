import type { InferenceStatus } from '../../src/domain/inference-status.js';
import { FigseekError } from '../../src/domain/errors.js';
import type { RawMask, Segmenter, SegmenterInput } from '../../src/domain/segmenter.js';
import { computePlacement, padAndResize } from '../../src/imaging/preprocess/biomedparse-preprocess.js';
import { MaskPredictor } from '../../src/ports/mask-predictor.js';

const side = 16;
/** Beta(1, 1): every color is as plausible as any other. */
const uniform = [1, 2, 3, 4].map(() => [1, 1] as const);

/** A segmenter whose mask is all of the image, but for the prompt “nothing”. */
export class FakePredictor extends MaskPredictor {
  readonly model: Segmenter = {
    ...{ name: 'fake', version: 'f'.repeat(64), imageSize: 64, sizeMultiple: 32, contextLength: 77 },
    ...{ license: 'none', warning: null, imageGraph: '', textGraph: '', decoderGraph: '' },
    prompts: { 'CT-Chest': ['lung'], 'X-Ray-Chest': ['lung'] },
    statistics: { 'CT-Chest': { lung: uniform }, 'X-Ray-Chest': { lung: uniform } },
    validateSize: (size) => {
      if (size % 32 !== 0) throw new FigseekError('BAD_USER_INPUT', `Expected a multiple of 32 but received ${size}`);
    },
    preprocess: (image, size = 64) => padAndResize(image, size),
    tokenize: (prompt) => Int32Array.from([...prompt], (letter) => letter.codePointAt(0) ?? 0),
  };

  isClosed = false;

  start(): Promise<void> {
    return Promise.resolve();
  }

  status(): InferenceStatus {
    const times = { inputs: 0, workMs: 0, copyMs: 0 };
    return { ready: !this.isClosed, provider: 'cpu', failures: [], restarts: 0, queued: 0, times };
  }

  async segment({ pixels, size }: SegmenterInput, ids: Int32Array): Promise<RawMask> {
    await Promise.resolve();
    if (this.isClosed) throw new FigseekError('MODEL_UNAVAILABLE', 'The segmenter has ended');
    if (pixels.length !== size * size * 3) {
      throw new FigseekError(
        'BAD_USER_INPUT',
        `Expected ${size * size * 3} pixel values but received ${pixels.length}`,
      );
    }
    const value = String.fromCodePoint(...ids) === 'nothing' ? -5 : 5;
    const logits = new Float32Array(side * side).fill(value);
    return { logits, side, similarity: Float32Array.of(0.5), query: 0, imageMs: 1, promptMs: 1 };
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

/** A gray image of this size as the fake segmenter takes it. */
export function grayInput(width: number, height: number, size: number): SegmenterInput {
  return { pixels: new Uint8Array(size * size * 3).fill(128), size, placement: computePlacement({ width, height }) };
}
