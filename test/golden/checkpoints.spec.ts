import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, statfsSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { OnnxEncoder } from '../../src/adapters/onnx/onnx-encoder.js';
import { importOpenClip } from '../../src/model-import/open-clip/import-open-clip.js';
import { openCheckpoint } from '../../src/model-import/checkpoint/open-checkpoint.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';
import { describeWithShared } from '../support/shared.js';
import { maxDifference } from './golden-cases.js';
import { sharedSet } from './golden-sets.js';

const goldenDir = sharedSet('biomedclip').folder;

/** What each refusal must name. */
const refusals: Readonly<Record<string, RegExp>> = {
  'pickle-os-system.bin': /posix\.system.*nothing was run/,
  'pickle-eval.bin': /builtins\.eval/,
  'pickle-getattr.bin': /builtins\.getattr/,
  'missing-key.bin': /lacks the key visual\.trunk\.blocks\.0\.attn\.qkv\.weight/,
  'wrong-shape.bin': /text\.proj\.2\.weight has the shape \[48, 32\]; expected \[32, 48\]/,
  'nan.bin': /visual\.trunk\.pos_embed holds NaN/,
  'inf.bin': /text\.transformer\.embeddings\.LayerNorm\.weight holds an infinite value/,
  'extra-key.bin': /unknown key surprise\.weight/,
  'wrong-dtype.bin': /logit_scale has the type complex64/,
  'legacy-format.bin': /format of before 1\.6/,
  'memo-bomb.bin': /no state dict|is no tensor|lacks the key/,
  'truncated.bin': /end of central directory/i,
  'not-a-checkpoint.bin': /web page/,
  'lfs-pointer.bin': /Git LFS pointer/,
  'empty.bin': /empty/,
  'short-storage.bin': /storage data\/0 holds/,
  'missing-storage.bin': /storage data\/1 is absent/,
  'zip-bomb.bin': /compressed/,
  'path-traversal.bin': /\.\.\/\.\.\/evil\.txt|invalid relative path/,
  'no-data-pkl.bin': /without data\.pkl/,
  'huge-shape.bin': /reaches past its storage/,
  'negative-offset.bin': /offset -/,
  'stride-overrun.bin': /reaches past its storage/,
  'zero-stride.bin': /repeats the \d+ values/,
};

const configRefusals: Readonly<Record<string, RegExp>> = {
  'config-embed-dim.json': /embed_dim 512 while .* gives 32/,
  'config-other-tower.json': /convnext_base is not supported/,
  'config-pool.json': /mean_pooler.* is not supported/,
  'config-no-text.json': /text_cfg/,
  'config-std-zero.json': /std must be greater than 0/,
  'config-not-json.json': /refused: .*JSON/,
};

function folderWith(weights: string, config = 'open_clip_config.json'): { folder: string; modelsDir: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'checkpoint-'));
  copyFileSync(path.join(goldenDir, 'bad', weights), path.join(folder, 'open_clip_pytorch_model.bin'));
  copyFileSync(path.join(goldenDir, 'bad', config), path.join(folder, 'open_clip_config.json'));
  copyFileSync(path.join(goldenDir, 'vocab.txt'), path.join(folder, 'vocab.txt'));
  return { folder, modelsDir: mkdtempSync(path.join(tmpdir(), 'models-')) };
}

describeWithShared('the damaged checkpoints of the shared data', () => {
  const bad = JSON.parse(readFileSync(path.join(goldenDir, 'bad', 'README.json'), 'utf8')) as {
    files: { file: string; expected?: { imageEmbedding: number[]; ids: number[]; textEmbedding: number[] } }[];
  };

  it('has an expectation for every bad file', () => {
    const named = bad.files.map(({ file }) => file).filter((file) => file !== 'ok-control.bin');
    expect([...Object.keys(refusals), ...Object.keys(configRefusals)].sort()).toEqual(named.sort());
  });

  it.each(Object.entries(refusals))('refuses %s by name and writes nothing', async (file, reason) => {
    const { folder, modelsDir } = folderWith(file);
    await expect(importOpenClip(folder, { name: 'bad', modelsDir })).rejects.toThrow(reason);
    expect(readdirSync(modelsDir)).toEqual([]);
    expect(existsSync(path.join(folder, '..', '..', 'evil.txt'))).toBe(false);
  });

  it.each(Object.entries(configRefusals))('refuses the configuration %s', async (file, reason) => {
    const { folder, modelsDir } = folderWith('ok-control.bin', file);
    await expect(importOpenClip(folder, { name: 'bad', modelsDir })).rejects.toThrow(reason);
    expect(readdirSync(modelsDir)).toEqual([]);
  });

  it('tells a disk that cannot be written from a checkpoint that is refused', async () => {
    const { folder } = folderWith('ok-control.bin');
    const modelsDir = path.join(folder, 'vocab.txt');
    const failed = importOpenClip(folder, { name: 'control', modelsDir });
    await expect(failed).rejects.toThrow(/^The package cannot be written to .*ENOTDIR/);
  });

  it('asks for room before it reads weights that the disk cannot hold once more', async () => {
    const { folder, modelsDir } = folderWith('ok-control.bin');
    const { bavail, bsize } = statfsSync(modelsDir);
    // Nothing but a size: its bytes take no room.
    truncateSync(path.join(folder, 'open_clip_pytorch_model.bin'), bavail * bsize + 2 ** 30);
    const importing = importOpenClip(folder, { name: 'large', modelsDir: path.join(modelsDir, 'new') });
    await expect(importing).rejects.toThrow(
      /are needed \(0\.00 GiB to fetch, \d+\.\d\d GiB for the import\); make room/,
    );
  });

  it('loads the control, and it answers as the official code does', async () => {
    const { folder, modelsDir } = folderWith('ok-control.bin');
    await importOpenClip(folder, { name: 'control', modelsDir });
    const encoder = new OnnxEncoder(await new ModelRegistry(modelsDir).load('control'), {
      providers: ['cpu'],
      threads: 1,
      batch: 1,
      timeoutMs: 60_000,
      queue: 10,
    });
    const expected = bad.files.find(({ file }) => file === 'ok-control.bin')?.expected;
    const [vector] = await encoder.embedTokens([Int32Array.from(expected?.ids ?? [])], 'bulk');
    const [image] = await encoder.embedImages([controlPixels()], 'bulk');
    await encoder.close();
    expect(maxDifference(vector ?? [], unit(expected?.textEmbedding ?? []))).toBeLessThan(1e-4);
    expect(maxDifference(image ?? [], unit(expected?.imageEmbedding ?? []))).toBeLessThan(3e-3);
  });

  it.each(['layouts.bin', 'wrapped.bin'])('reads every layout of %s', async (file) => {
    const expected = JSON.parse(readFileSync(path.join(goldenDir, 'layouts', 'expected.json'), 'utf8')) as {
      tensors: Record<string, { shape: number[]; dtype: string; values: number[] }>;
    };
    const checkpoint = await openCheckpoint(path.join(goldenDir, 'layouts', file));
    expect([...checkpoint.tensors.keys()].sort()).toEqual(Object.keys(expected.tensors).sort());
    for (const [name, { shape, dtype, values }] of Object.entries(expected.tensors)) {
      const tensor = checkpoint.tensors.get(name);
      expect({ name, shape: tensor?.shape, dtype: tensor?.dtype }).toEqual({ name, shape, dtype });
      expect(maxDifference((await tensor?.read()) ?? [], values)).toBeLessThan(1e-5);
    }
    await checkpoint.close();
  });
});

/**
 * The control's image is given after normalization, x[i] = (i % 251) / 125 - 1 in channel order; our graph begins at
 * uint8 pixels, so each value is up to half a level (0.7 % of the range) away: the embedding is compared with 3e-3.
 */
function controlPixels(): Uint8Array {
  const [mean, std] = [
    [0.48145466, 0.4578275, 0.40821073],
    [0.26862954, 0.26130258, 0.27577711],
  ];
  const pixels = new Uint8Array(224 * 224 * 3);
  for (let i = 0; i < pixels.length; i++) {
    const channel = Math.floor(i / (224 * 224));
    const value = ((i % 251) / 125 - 1) * (std[channel] ?? 0) + (mean[channel] ?? 0);
    pixels[(i % (224 * 224)) * 3 + channel] = Math.round(value * 255);
  }
  return pixels;
}

function unit(values: readonly number[]): number[] {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}
