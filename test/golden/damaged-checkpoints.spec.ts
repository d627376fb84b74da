import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openCheckpoint } from '../../src/model-import/checkpoint/open-checkpoint.js';
import { importModelFolder } from '../../src/model-import/import-folder.js';
import { addForbiddenCall, flipBit, replaceFirstValue, replaceText } from './damage.js';
import { repositorySet } from './golden-sets.js';
import { rebuildCheckpoint, valuesOf, type PlacedTensor } from './rule-weights.js';

interface Family {
  readonly family: 'biomedclip' | 'biomedparse';
  readonly weights: string;
  /** A tensor, and a name of the same length that no model has. */
  readonly tensor: string;
  readonly renamed: string;
  /** What is in the file beside the weights by rule. */
  readonly others: readonly string[];
}

const families: readonly Family[] = [
  {
    family: 'biomedclip',
    weights: 'open_clip_pytorch_model.bin',
    tensor: 'visual.trunk.blocks.1.attn.qkv.weight',
    renamed: 'visual.trunk.blocks.1.attn.qkv.weighx',
    others: ['text.transformer.embeddings.position_ids'],
  },
  {
    family: 'biomedparse',
    weights: 'biomedparse_v1.pt',
    tensor: 'sem_seg_head.pixel_decoder.adapter_2.weight',
    renamed: 'sem_seg_head.pixel_decoder.adapter_2.weighx',
    others: ['criterion.empty_weight'],
  },
];

describe.each(families)('a checkpoint of $family', ({ family, weights, tensor: name, renamed, others }) => {
  const set = repositorySet(family);
  const { bytes: good, tensors } = rebuildCheckpoint(set.folder);
  const tensor = tensors.find((one) => one.name === name);
  if (tensor === undefined) throw new Error(`The set of the repository lacks ${name}`);

  /** A folder of the model with another checkpoint, and an empty one for packages. */
  function folderWith(checkpoint: Buffer | string): { readonly folder: string; readonly modelsDir: string } {
    const folder = mkdtempSync(path.join(tmpdir(), 'damaged-'));
    cpSync(set.modelFolder(), folder, { recursive: true });
    writeFileSync(path.join(folder, weights), checkpoint);
    return { folder, modelsDir: mkdtempSync(path.join(tmpdir(), 'models-')) };
  }

  it('is read value by value as torch wrote it', async () => {
    const checkpoint = await openCheckpoint(path.join(set.modelFolder(), weights));
    const names = tensors.map((one) => one.name);
    expect([...checkpoint.tensors.keys()].sort()).toEqual([...names, ...others].sort());
    const differing: string[] = [];
    for (const one of tensors) {
      const read = checkpoint.tensors.get(one.name);
      expect({ name: one.name, shape: read?.shape, dtype: read?.dtype }).toEqual({
        name: one.name,
        shape: one.shape,
        dtype: 'float32',
      });
      if (!isEqual(await read?.read(), valuesOf(one))) differing.push(one.name);
    }
    await checkpoint.close();
    expect(differing).toEqual([]);
  });

  const damaged: readonly (readonly [
    what: string,
    checkpoint: (tensor: PlacedTensor) => Buffer | string,
    reason: RegExp,
  ])[] = [
    ['was cut', () => good.subarray(0, Math.floor(0.6 * good.length)), /end of central directory/i],
    ['was cut by its last byte', () => good.subarray(0, -1), /end of central directory|zip/i],
    ['has a bit that changed', (one) => flipBit(good, one), /storage data\/\d+ is damaged/],
    ['lacks a tensor', () => replaceText(good, name, renamed), new RegExp(`lacks the key ${escape(name)}`)],
    ['holds whole numbers', () => replaceText(good, 'FloatStorage', 'ShortStorage'), /has the type int16/],
    ['calls a program', () => addForbiddenCall(good), /posix\.system.*nothing was run/],
    ['holds NaN', (one) => replaceFirstValue(good, one, NaN), new RegExp(`${escape(name)} holds NaN`)],
    ['holds an infinite value', (one) => replaceFirstValue(good, one, -Infinity), /holds an infinite value/],
    ['is a web page', () => '<!doctype html><html><body>Sign in</body></html>', /web page/],
    ['is empty', () => '', /empty/],
  ];

  it.each(damaged)('that %s is refused by name, and nothing is left of it', async (_what, checkpoint, reason) => {
    const { folder, modelsDir } = folderWith(checkpoint(tensor));
    await expect(importModelFolder(folder, { name: 'bad', modelsDir })).rejects.toThrow(reason);
    expect(readdirSync(modelsDir)).toEqual([]);
  });

  it('is taken with the same first value written again: only the value made the difference', async () => {
    const [value = NaN] = valuesOf(tensor);
    const rewritten = replaceFirstValue(good, tensor, value);
    expect(rewritten.equals(good)).toBe(true);
    const { folder, modelsDir } = folderWith(replaceFirstValue(good, tensor, 0.5));
    await importModelFolder(folder, { name: 'changed', modelsDir });
    expect(existsSync(path.join(modelsDir, 'changed', 'model.json'))).toBe(true);
  });
});

describe('a configuration of biomedclip', () => {
  const set = repositorySet('biomedclip');

  interface Config {
    readonly model_cfg: { readonly vision_cfg: object; readonly text_cfg: object };
    readonly preprocess_cfg: object;
  }

  const change = (config: Config, key: 'vision_cfg' | 'text_cfg', fields: object): object => ({
    ...config,
    model_cfg: { ...config.model_cfg, [key]: { ...config.model_cfg[key], ...fields } },
  });

  it.each<readonly [string, (config: Config) => unknown, RegExp]>([
    [
      'another width',
      (c) => ({ ...c, model_cfg: { ...c.model_cfg, embed_dim: 512 } }),
      /embed_dim 512 while .* gives 48/,
    ],
    [
      'another image tower',
      (c) => change(c, 'vision_cfg', { timm_model_name: 'convnext_base' }),
      /convnext_base is not supported/,
    ],
    [
      'another pooling',
      (c) => change(c, 'text_cfg', { hf_pooler_type: 'mean_pooler' }),
      /mean_pooler.* is not supported/,
    ],
    ['no text tower', (c) => ({ ...c, model_cfg: { ...c.model_cfg, text_cfg: undefined } }), /text_cfg/],
    [
      'a deviation of 0',
      (c) => ({ ...c, preprocess_cfg: { mean: [0, 0, 0], std: [1, 0, 1] } }),
      /std must be greater than 0/,
    ],
  ])('that names %s is refused', async (_what, changed, reason) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'configured-'));
    cpSync(set.modelFolder(), folder, { recursive: true });
    const file = path.join(folder, 'open_clip_config.json');
    writeFileSync(file, JSON.stringify(changed(JSON.parse(readFileSync(file, 'utf8')) as Config)));
    const modelsDir = mkdtempSync(path.join(tmpdir(), 'models-'));
    await expect(importModelFolder(folder, { name: 'bad', modelsDir })).rejects.toThrow(reason);
    expect(readdirSync(modelsDir)).toEqual([]);
  });
});

function isEqual(found: Float32Array | undefined, expected: Float32Array): boolean {
  return found?.length === expected.length && expected.every((value, i) => Object.is(value, found[i]));
}

function escape(text: string): string {
  return text.replaceAll('.', '\\.');
}
