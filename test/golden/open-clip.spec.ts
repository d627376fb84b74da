import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/app/config.js';
import type { DualEncoder } from '../../src/domain/dual-encoder.js';
import { OnnxEncoder } from '../../src/adapters/onnx/onnx-encoder.js';
import { importModelFolder } from '../../src/model-import/import-folder.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';
import { cosine, maxDifference } from './golden-cases.js';
import { ruledPicture, writeRuledWeights, type RuledTensor } from './rule-weights.js';

interface Variant {
  readonly name: string;
  readonly config: { readonly model_cfg: { readonly text_cfg: Record<string, unknown> } };
  readonly tensors: readonly RuledTensor[];
  /** Embeddings of `ruledPicture` 0, 1, … */
  readonly images: readonly (readonly number[])[];
  readonly texts: readonly {
    readonly text: string;
    readonly ids: readonly number[];
    readonly embedding: readonly number[];
  }[];
}

// Made by tools/golden/open_clip_pairs.py with open_clip itself.
const goldenDir = path.join(packageRoot, 'test', 'golden', 'open-clip');
const { variants } = JSON.parse(readFileSync(path.join(goldenDir, 'cases.json'), 'utf8')) as {
  readonly variants: readonly Variant[];
};
const encoderOptions = { providers: ['cpu'], threads: 1, batch: 8, timeoutMs: 60_000, queue: 1000 } as const;
const modelsDir = mkdtempSync(path.join(tmpdir(), 'open-clip-models-'));

afterAll(() => rm(modelsDir, { recursive: true }));

/** A folder as it lies on the hub. */
function folderOf({ name, config, tensors }: Variant, change: (config: Variant['config']) => unknown = (same) => same) {
  const folder = mkdtempSync(path.join(modelsDir, `.folder-${name}-`));
  writeRuledWeights(path.join(folder, 'open_clip_model.safetensors'), tensors);
  writeFileSync(path.join(folder, 'open_clip_config.json'), JSON.stringify(change(config)));
  for (const file of ['vocab.json', 'merges.txt']) copyFileSync(path.join(goldenDir, file), path.join(folder, file));
  return folder;
}

describe.each(variants)('open_clip’s “$name” with CLIP’s text tower', (variant) => {
  const { name, images, texts } = variant;
  let model: DualEncoder;
  let encoder: OnnxEncoder;

  beforeAll(async () => {
    await importModelFolder(folderOf(variant), { name, modelsDir });
    model = await new ModelRegistry(modelsDir).load(name);
    encoder = new OnnxEncoder(model, encoderOptions);
  });

  afterAll(() => encoder.close());

  it.each(texts)('gives the reference ids for “$text”', ({ text, ids }) => {
    expect([...model.tokenize(text)]).toEqual(ids);
  });

  it('embeds the reference ids, padded together and alone, within 1e-5', async () => {
    const ids = texts.map((text) => Int32Array.from(text.ids));
    const together = await encoder.embedTokens(ids, 'bulk');
    const [alone] = await encoder.embedTokens(ids.slice(1, 2), 'bulk');
    for (const [row, { embedding }] of texts.entries()) {
      expect(maxDifference(together[row] ?? [], embedding)).toBeLessThan(1e-5);
    }
    expect(maxDifference(alone ?? [], texts[1]?.embedding ?? [])).toBeLessThan(1e-5);
  });

  it('embeds the reference pixels within 1e-5', async () => {
    const pixels = images.map((_, index) => ruledPicture(index, model.preparation.size));
    const vectors = await encoder.embedImages(pixels, 'bulk');
    for (const [row, embedding] of images.entries()) {
      expect(maxDifference(vectors[row] ?? [], embedding)).toBeLessThan(1e-5);
    }
    // The pictures differ: an answer that looked at none of them would not pass.
    expect(cosine(vectors[0] ?? [], vectors[2] ?? [])).toBeLessThan(0.999);
  });

  it('tells what each patch adds, for heat maps', async () => {
    const direction = Float32Array.from(texts[1]?.embedding ?? []);
    const [map] = await encoder.support([ruledPicture(0, model.preparation.size)], direction);
    const whole = images[0]?.reduce((sum, value, at) => sum + value * (direction[at] ?? 0), 0);
    expect(map?.[0]).toBeCloseTo(whole ?? NaN, 5);
    expect(map).toHaveLength(1 + (model.support?.grid ?? 0) ** 2);
  });
});

describe('an open_clip folder', () => {
  const [clip] = variants;
  if (clip === undefined) throw new Error('There are no variants');
  const importing = (folder: string) => importModelFolder(folder, { name: 'other', modelsDir, replace: true });

  it('may hold the tokenizer as tokenizer.json: the ids are the same', async () => {
    const folder = folderOf(clip);
    const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');
    const merges = read('merges.txt').trim().split('\n').slice(1);
    const pairs = merges.map((pair) => pair.split(' '));
    const model = { type: 'BPE', vocab: JSON.parse(read('vocab.json')) as unknown, merges: pairs };
    writeFileSync(path.join(folder, 'tokenizer.json'), JSON.stringify({ model }));
    await rm(path.join(folder, 'merges.txt'));
    await importing(folder);
    const loaded = await new ModelRegistry(modelsDir).load('other');
    for (const { text, ids } of clip.texts) expect([...loaded.tokenize(text)]).toEqual(ids);
  });

  it('is refused without a tokenizer, saying where one is', async () => {
    const folder = folderOf(clip);
    await rm(path.join(folder, 'vocab.json'));
    await expect(importing(folder)).rejects.toThrow(
      /neither vocab\.json and merges\.txt nor tokenizer\.json; take them/,
    );
  });

  it.each([
    ['vocab.json', '[]', /^vocab\.json is refused: expected an object of tokens .*; .*received array$/],
    ['vocab.json', '{"a": "0", "b": "1"}', /^vocab\.json is refused: expected .*; a: .*received string$/],
    ['vocab.json', '{"a": 0, "b"', /^vocab\.json is refused: expected .*; it is no whole JSON \(.*\)$/],
    [
      'tokenizer.json',
      '{}',
      /^tokenizer\.json is refused: expected a model of type BPE .*; model: .*received undefined$/,
    ],
    ['tokenizer.json', '{"model": {"type": "WordPiece"}}', /^tokenizer\.json is .*; model\.type: received WordPiece$/],
  ])('is refused where %s is %s, in a line that names that file', async (file, text, reason) => {
    const folder = folderOf(clip);
    if (file === 'tokenizer.json') await rm(path.join(folder, 'merges.txt'));
    writeFileSync(path.join(folder, file), text);
    await expect(importing(folder)).rejects.toThrow(reason);
  });

  it.each([
    [
      'no_causal_mask',
      true,
      /text_cfg\.no_causal_mask: no_causal_mask true is not supported; expected a tower without it/,
    ],
    ['pool_type', 'last', /text_cfg\.pool_type: pool_type "last" is not supported; expected “argmax”/],
    ['heads', 7, /64 wide, which 7 heads do not divide/],
  ])('is refused where its text tower says %s = %s', async (field, value, reason) => {
    const folder = folderOf(clip, (config) => ({
      ...config,
      model_cfg: { ...config.model_cfg, text_cfg: { ...config.model_cfg.text_cfg, [field]: value } },
    }));
    await expect(importing(folder)).rejects.toThrow(reason);
  });

  it('is refused where its image tower is a ResNet', async () => {
    const folder = folderOf(clip, (config) => ({
      ...config,
      model_cfg: { ...config.model_cfg, vision_cfg: { layers: [3, 4, 6, 3], width: 64, image_size: 224 } },
    }));
    await expect(importing(folder)).rejects.toThrow(
      /vision_cfg\.layers: a ResNet \(layers \[3,4,6,3\]\) is not supported; expected a ViT/,
    );
  });

  it('is refused where a tensor is absent or of another shape, by name', async () => {
    const without = (name: string) => clip.tensors.filter((tensor) => tensor.name !== name);
    await expect(importing(folderOf({ ...clip, tensors: without('visual.ln_pre.bias') }))).rejects.toThrow(
      /lacks the key visual\.ln_pre\.bias/,
    );
    const tensors = [...without('text_projection'), { name: 'text_projection', shape: [64, 40], offset: 0, scale: 1 }];
    await expect(importing(folderOf({ ...clip, tensors }))).rejects.toThrow(
      /text_projection has the shape \[64, 40\]; expected \[64, 48\]/,
    );
  });
});
