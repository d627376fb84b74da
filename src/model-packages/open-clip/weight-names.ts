/**
 * The first that is there is taken, from a folder as from a hub: else an import could read other weights than those a
 * pull has checked. safetensors first, as open_clip itself does: it holds nothing but tensors. The last name is also
 * that of transformers, for a model of other tensors.
 */
export const openClipWeights = [
  'open_clip_model.safetensors',
  'open_clip_pytorch_model.safetensors',
  'open_clip_pytorch_model.bin',
  'model.safetensors',
];
