// A checkpoint of BiomedCLIP's size by the counter-based rule of golden/biomedclip/prng.json: any language computes the
// same 195,902,721 values, so none are stored.
import { createHash } from 'node:crypto';
import { createWriteStream, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';

const linear = (name, out, into) => [
  [`${name}.weight`, [out, into]],
  [`${name}.bias`, [out]],
];
const norm = (name, width) => [
  [`${name}.weight`, [width]],
  [`${name}.bias`, [width]],
];
const layers = (count, of) => Array.from({ length: count }, (_, i) => of(i)).flat();

function imageShapes({ width, layers: depth, mlp, patch, image }, embedDim) {
  const trunk = 'visual.trunk.';
  return [
    [`${trunk}cls_token`, [1, 1, width]],
    [`${trunk}pos_embed`, [1, (image / patch) ** 2 + 1, width]],
    [`${trunk}patch_embed.proj.weight`, [width, 3, patch, patch]],
    [`${trunk}patch_embed.proj.bias`, [width]],
    ...layers(depth, (i) => [
      ...norm(`${trunk}blocks.${i}.norm1`, width),
      ...linear(`${trunk}blocks.${i}.attn.qkv`, 3 * width, width),
      ...linear(`${trunk}blocks.${i}.attn.proj`, width, width),
      ...norm(`${trunk}blocks.${i}.norm2`, width),
      ...linear(`${trunk}blocks.${i}.mlp.fc1`, mlp, width),
      ...linear(`${trunk}blocks.${i}.mlp.fc2`, width, mlp),
    ]),
    ...norm(`${trunk}norm`, width),
    ['visual.head.proj.weight', [embedDim, width]],
  ];
}

function textShapes({ width, layers: depth, mlp, vocab, maxPositions, typeVocab }, hidden, embedDim) {
  const embeddings = 'text.transformer.embeddings.';
  return [
    [`${embeddings}word_embeddings.weight`, [vocab, width]],
    [`${embeddings}position_embeddings.weight`, [maxPositions, width]],
    [`${embeddings}token_type_embeddings.weight`, [typeVocab, width]],
    ...norm(`${embeddings}LayerNorm`, width),
    ...layers(depth, (i) => {
      const layer = `text.transformer.encoder.layer.${i}.`;
      return [
        ...['query', 'key', 'value'].flatMap((part) => linear(`${layer}attention.self.${part}`, width, width)),
        ...linear(`${layer}attention.output.dense`, width, width),
        ...norm(`${layer}attention.output.LayerNorm`, width),
        ...linear(`${layer}intermediate.dense`, mlp, width),
        ...linear(`${layer}output.dense`, width, mlp),
        ...norm(`${layer}output.LayerNorm`, width),
      ];
    }),
    ['text.proj.0.weight', [hidden, width]],
    ['text.proj.2.weight', [embedDim, hidden]],
  ];
}

/** Names and shapes of all tensors. @param dims `dims` of full-size.json */
export function shapesOf({ visual, text, projHidden, embedDim }) {
  return [['logit_scale', []], ...imageShapes(visual, embedDim), ...textShapes(text, projHidden, embedDim)];
}

export const elementsOf = (shape) => shape.reduce((product, size) => product * size, 1);

/** Offset and scale of a tensor's values: the rules of prng.json in their order. */
export function ruleOf(name, shape) {
  const [before, last] = name.split('.').slice(-2);
  if (name === 'logit_scale') return { offset: 4.4, scale: 0.1 };
  if (last === 'bias') return { offset: 0, scale: 0.02 };
  if (last === 'weight' && ['norm', 'norm1', 'norm2', 'LayerNorm'].includes(before)) return { offset: 1, scale: 0.1 };
  const isTable = ['visual.trunk.cls_token', 'visual.trunk.pos_embed'].includes(name) || name.includes('.embeddings.');
  if (isTable) return { offset: 0, scale: 0.05 };
  const isWide = ['.attn.qkv.', '.attention.self.', '.mlp.fc1.', '.intermediate.dense.'].some((part) =>
    name.includes(part),
  );
  const gain = isWide ? 2 : name.includes('.patch_embed.') ? 0.05 : 1;
  return { offset: 0, scale: gain * Math.sqrt(3 / elementsOf(shape.slice(1))) };
}

export function seedOf(prefix, name) {
  return createHash('sha256')
    .update(prefix + name)
    .digest()
    .readUInt32LE(0);
}

/** Values [from, to) of a tensor. */
export function valuesOf(seed, { offset, scale }, from, to) {
  const values = new Float32Array(to - from);
  for (let i = from; i < to; i++) {
    let h = (seed + Math.imul(i, 0x9e3779b9)) | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    values[i - from] = offset + scale * (((h ^ (h >>> 16)) >>> 0) / 2 ** 31 - 1);
  }
  return values;
}

/** The test vectors of prng.json. @returns the names of tensors that differ */
export function wrongTensors({ prefix, vectors }) {
  const close = (a, b) => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b));
  return vectors
    .filter(({ name, shape, seed, first, last }) => {
      const count = elementsOf(shape);
      const rule = ruleOf(name, shape);
      const ours = seedOf(prefix, name);
      const head = valuesOf(ours, rule, 0, first.length);
      const [tail] = valuesOf(ours, rule, count - 1, count);
      return ours !== seed || !first.every((value, i) => close(head[i], value)) || !close(tail, last);
    })
    .map(({ name }) => name);
}

const blockLength = 1 << 20;

/** Writes an open_clip folder: configuration, vocabulary, and the weights as safetensors, in blocks. @returns bytes of the weights */
export async function writeFolder(folder, { dims, prefix }) {
  const shapes = shapesOf(dims);
  let at = 0;
  const header = {};
  for (const [name, shape] of shapes) {
    const end = at + 4 * elementsOf(shape);
    header[name] = { dtype: 'F32', shape, data_offsets: [at, end] };
    at = end;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = createWriteStream(path.join(folder, 'open_clip_model.safetensors'));
  file.write(Buffer.concat([length, text]));
  for (const [name, shape] of shapes) {
    const [seed, rule, count] = [seedOf(prefix, name), ruleOf(name, shape), elementsOf(shape)];
    for (let from = 0; from < count; from += blockLength) {
      const values = valuesOf(seed, rule, from, Math.min(from + blockLength, count));
      if (!file.write(Buffer.from(values.buffer))) await once(file, 'drain');
    }
  }
  file.end();
  await once(file, 'close');
  writeFileSync(path.join(folder, 'open_clip_config.json'), JSON.stringify(configOf(dims)));
  writeFileSync(path.join(folder, 'config.json'), JSON.stringify(bertConfigOf(dims.text)));
  writeFileSync(path.join(folder, 'vocab.txt'), vocabularyOf(dims.text.vocab));
  return at;
}

/** What Hugging Face's classes want to know; figseek reads the sizes off the tensors. */
function bertConfigOf({ width, layers: depth, heads, mlp, vocab, maxPositions, typeVocab, padId }) {
  return {
    model_type: 'bert',
    hidden_size: width,
    num_hidden_layers: depth,
    num_attention_heads: heads,
    intermediate_size: mlp,
    vocab_size: vocab,
    max_position_embeddings: maxPositions,
    type_vocab_size: typeVocab,
    pad_token_id: padId,
  };
}

function configOf({ visual, embedDim }) {
  const model = 'random/full-size';
  return {
    model_cfg: {
      embed_dim: embedDim,
      vision_cfg: {
        timm_model_name: 'vit_base_patch16_224',
        timm_model_pretrained: false,
        timm_pool: '',
        timm_proj: 'linear',
        image_size: visual.image,
      },
      text_cfg: {
        hf_model_name: model,
        hf_tokenizer_name: model,
        hf_proj_type: 'mlp',
        hf_pooler_type: 'cls_last_hidden_state_pooler',
        context_length: 256,
      },
    },
    preprocess_cfg: { mean: [0.48145466, 0.4578275, 0.40821073], std: [0.26862954, 0.26130258, 0.27577711] },
  };
}

/** As many tokens as the table has rows; letters and their continuations, so that any text has ids. */
function vocabularyOf(rows) {
  const letters = [...'abcdefghijklmnopqrstuvwxyz0123456789.,;:()-%/'];
  const tokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...letters, ...letters.map((letter) => `##${letter}`)];
  const filled = Array.from({ length: rows - tokens.length }, (_, i) => `word${i}`);
  return `${[...tokens, ...filled].join('\n')}\n`;
}
