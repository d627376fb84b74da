import { copyFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { importModelFolder } from '../../src/model-import/import-folder.js';
import { repositorySet } from './golden-sets.js';
import { rebuildCheckpoint } from './rule-weights.js';

const set = repositorySet('dab-detr');
const files = ['config.json', 'preprocessor_config.json', 'model.safetensors'] as const;

describe('the folder of a panel detector', () => {
  let folder: string;
  let modelsDir: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'detector-'));
    modelsDir = path.join(folder, 'models');
    for (const name of files) copyFileSync(path.join(set.modelFolder(), name), path.join(folder, name));
  });

  async function refusal(): Promise<unknown> {
    const error: unknown = await importModelFolder(folder, { name: 'x', modelsDir }).catch((one: unknown) => one);
    expect(existsSync(path.join(modelsDir, 'x'))).toBe(false);
    return error;
  }

  function change(name: (typeof files)[number], changes: object): void {
    const file = path.join(folder, name);
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), ...changes }));
  }

  it.each([
    [{ model_type: 'detr' }, /config\.json is refused: model_type: "detr" is not supported; expected dab-detr/],
    [{ query_dim: 2 }, /query_dim: 2 is not supported; expected 4/],
    [{ num_patterns: 3 }, /num_patterns: 3 is not supported; expected 0/],
    [{ normalize_before: true }, /normalize_before: true is not supported; expected false/],
    [{ dilation: true }, /dilation: true is not supported; expected false or null/],
    [{ activation_function: 'gelu' }, /activation_function: "gelu" is not supported; expected prelu or relu/],
    [{ backbone: 'resnet101' }, /backbone: "resnet101" is not supported; expected resnet50 or null/],
    [{ backbone_kwargs: { output_stride: 16 } }, /backbone_kwargs\.output_stride: 16 is not supported; expected 32/],
    [{ encoder_attention_heads: 7 }, /hidden_size 64 is no multiple of 7 attention heads/],
    [{ decoder_layers: 4 }, /lacks the key model\.decoder\.layers\.3\./],
    [{ decoder_layers: 2 }, /holds the unknown key model\.decoder\.layers\.2\./],
    [{ num_queries: 41 }, /query_refpoint_embeddings\.weight has the shape \[40, 4\]; expected \[41, 4\]/],
    [{ use_timm_backbone: false, backbone: null }, /lacks the key .*embedder\.embedder\.convolution\.weight/],
  ])('is refused by name for the configuration %j', async (changes, message) => {
    change('config.json', changes);
    expect(await refusal()).toMatchObject({ code: 'BAD_USER_INPUT', message: expect.stringMatching(message) });
  });

  it.each([
    [{ size: { height: 480, width: 640 } }, /size: 640 × 480; expected a square/],
    [{ size: { max_height: 480, max_width: 480 } }, /size: expected \{height, width\} or \{shortest_edge/],
    [{ resample: 3 }, /resample: 3 is not supported; expected 2/],
    [{ do_normalize: false }, /do_normalize: false is not supported; expected true/],
    [{ rescale_factor: 1 }, /rescale_factor: expected 1\/255/],
    [{ image_std: [0.2, 0, 0.2] }, /image_std: expected numbers greater than 0/],
  ])('is refused by name for the preparation %j', async (changes, message) => {
    change('preprocessor_config.json', changes);
    expect(await refusal()).toMatchObject({ code: 'BAD_USER_INPUT', message: expect.stringMatching(message) });
  });

  it('takes the size that the detector’s own code asks for where the file names shortest and longest edge', async () => {
    change('preprocessor_config.json', { size: { shortest_edge: 800, longest_edge: 1333 } });
    expect(await importModelFolder(folder, { name: 'x', modelsDir })).toMatchObject({ imageSize: 480 });
  });

  it('is refused where its weights are a pickle, which is named and not read', async () => {
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'pickled-'));
    for (const name of files.slice(0, 2)) copyFileSync(path.join(folder, name), path.join(elsewhere, name));
    writeFileSync(path.join(elsewhere, 'pytorch_model.bin'), 'a program');
    writeFileSync(path.join(elsewhere, 'detector.pth'), 'another one');
    await expect(importModelFolder(elsewhere, { name: 'x', modelsDir })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(
        /has no model\.safetensors: detector\.pth, pytorch_model\.bin may hold executable code/,
      ),
    });
  });

  it.each(['fp16', 'int8'] as const)('is refused as %s', async (precision) => {
    await expect(importModelFolder(folder, { name: 'x', modelsDir, precision })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining(`not as ${precision}`),
    });
  });

  it('is refused where a weight is no number, a variance is negative, or the file is cut', async () => {
    const { bytes, tensors } = rebuildCheckpoint(set.folder);
    const tensor = tensors.find(({ name }) => name === 'class_embed.weight');
    const damaged = Buffer.from(bytes);
    damaged.writeFloatLE(NaN, tensor?.at ?? 0);
    writeFileSync(path.join(folder, 'model.safetensors'), damaged);
    expect(await refusal()).toMatchObject({ message: expect.stringMatching(/class_embed\.weight holds NaN/) });
    const variance = tensors.find(({ name }) => name.endsWith('bn1.running_var'));
    const negative = Buffer.from(bytes);
    negative.writeFloatLE(-1, variance?.at ?? 0);
    writeFileSync(path.join(folder, 'model.safetensors'), negative);
    expect(await refusal()).toMatchObject({ message: expect.stringMatching(/running_var holds a negative variance/) });
    writeFileSync(path.join(folder, 'model.safetensors'), bytes.subarray(0, bytes.length / 2));
    expect(await refusal()).toMatchObject({ message: expect.stringMatching(/does not fit its .* bytes in the file/) });
  });
});
