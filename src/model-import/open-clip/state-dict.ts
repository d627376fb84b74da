import { checkTensors } from '../checkpoint/checked-tensors.js';
import type { Checkpoint } from '../checkpoint/tensor.js';
import { addImageShapes, readImageTower, type ImageTower } from './image-tower.js';
import type { OpenClipConfig } from './open-clip-config.js';
import { addTextShapes, readTextTower, type TextTower } from './text-tower.js';

/** The two towers of a dual encoder. */
export interface Towers {
  readonly image: ImageTower;
  readonly text: TextTower;
}

const unusedKeys = [
  // open_clip drops them; the released file and training copies may hold them.
  /^text\.transformer\.embeddings\.position_ids$/,
  /^text\.transformer\.pooler\./,
  // Copies of OpenAI's files keep these (open_clip/model.py, build_model_from_openai_state_dict), old ones the mask.
  /^(input_resolution|context_length|vocab_size)$/,
  /^(text\.)?attn_mask$/,
  // A calibration of the loss of SigLIP: it moves all similarities alike.
  /^logit_bias$/,
];

/**
 * Checks that a checkpoint is a whole dual encoder: every tensor there, of the right shape and a real type, and no
 * other.
 * @throws {Error} naming the first key, with both shapes
 */
export function checkStateDict(checkpoint: Checkpoint, config: OpenClipConfig): Towers {
  const image = readImageTower(checkpoint.tensors, config);
  const text = readTextTower(checkpoint.tensors, config);
  const shapes = new Map<string, readonly number[]>([['logit_scale', []]]);
  addImageShapes(shapes, image);
  addTextShapes(shapes, text);
  checkTensors(checkpoint, {
    family: `a ViT + ${text.form === 'bert' ? 'BERT' : 'CLIP text'} dual encoder`,
    shapes,
    dtypes: ['float32', 'float16', 'bfloat16', 'float64'],
    unused: unusedKeys,
  });
  return { image, text };
}
