import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { importOpenClip } from '../../src/model-import/open-clip/import-open-clip.js';
import { openCheckpoint } from '../../src/model-import/checkpoint/open-checkpoint.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';
import { describeGoldenSets } from './golden-sets.js';

/** The model as .safetensors with tokenizer.json: the other form in which open_clip folders are published. */
async function folderInOtherForm(model: string): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'safetensors-'));
  copyFileSync(path.join(model, 'open_clip_config.json'), path.join(folder, 'open_clip_config.json'));
  const tokens = readFileSync(path.join(model, 'vocab.txt'), 'utf8').trimEnd().split('\n');
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  writeFileSync(path.join(folder, 'tokenizer.json'), JSON.stringify({ model: { type: 'WordPiece', vocab } }));

  const checkpoint = await openCheckpoint(path.join(model, 'open_clip_pytorch_model.bin'));
  const header: Record<string, object> = { __metadata__: { format: 'pt' } };
  const parts: Buffer[] = [];
  let at = 0;
  for (const [name, tensor] of checkpoint.tensors) {
    if (tensor.dtype !== 'float32') continue;
    const values = await tensor.read();
    parts.push(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    header[name] = { dtype: 'F32', shape: tensor.shape, data_offsets: [at, at + values.byteLength] };
    at += values.byteLength;
  }
  await checkpoint.close();
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  writeFileSync(path.join(folder, 'open_clip_model.safetensors'), Buffer.concat([length, text, ...parts]));
  return folder;
}

describeGoldenSets('biomedclip', 'the forms of an open_clip folder', (set) => {
  const model = set.modelFolder();

  it('gives the same package from .safetensors with tokenizer.json as from .bin with vocab.txt', async () => {
    const modelsDir = mkdtempSync(path.join(tmpdir(), 'forms-'));
    const folder = await folderInOtherForm(model);
    const published = await importOpenClip(model, { name: 'published', modelsDir });
    const other = await importOpenClip(folder, { name: 'other', modelsDir });
    expect(other.version).toBe(published.version);
    const registry = new ModelRegistry(modelsDir);
    const [one, two] = [await registry.load('published'), await registry.load('other')];
    expect(two.tokenize('Chest X-ray, AP view')).toEqual(one.tokenize('Chest X-ray, AP view'));
  });

  it('reads the .safetensors where an older .bin lies beside it, as a pull checks them', async () => {
    const modelsDir = mkdtempSync(path.join(tmpdir(), 'forms-'));
    const folder = await folderInOtherForm(model);
    writeFileSync(path.join(folder, 'open_clip_pytorch_model.bin'), 'older');
    const manifest = await importOpenClip(folder, { name: 'both', modelsDir });
    expect(manifest.version).toBe((await importOpenClip(model, { name: 'published', modelsDir })).version);
  });

  it('refuses a .safetensors file that was cut, naming the tensor', async () => {
    const folder = await folderInOtherForm(model);
    const file = path.join(folder, 'open_clip_model.safetensors');
    writeFileSync(file, readFileSync(file).subarray(0, -8));
    const modelsDir = mkdtempSync(path.join(tmpdir(), 'forms-'));
    await expect(importOpenClip(folder, { name: 'cut', modelsDir })).rejects.toThrow(/tensor .* does not fit/);
  });
});
