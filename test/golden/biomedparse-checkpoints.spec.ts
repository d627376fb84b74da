import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { importBiomedParse } from '../../src/model-import/biomedparse/import-biomedparse.js';
import { openCheckpoint } from '../../src/model-import/checkpoint/open-checkpoint.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';
import { describeWithShared } from '../support/shared.js';
import { GoldenFiles } from './biomedparse-cases.js';
import { sharedSet } from './golden-sets.js';

const set = sharedSet('biomedparse');
const files = new GoldenFiles(set);

/** What each refusal must name. */
const refusals: Readonly<Record<string, RegExp>> = {
  'missing-key.pt': /lacks the key sem_seg_head\.pixel_decoder\.adapter_2\.weight/,
  'wrong-variant.pt': /lang_proj has 768 rows.*biomed-clip/,
  'wrong-shape.pt':
    /backbone\.layers\.1\.downsample\.proj\.weight has the shape \[16, 8, 2, 2\]; expected \[16, 8, 3, 3\]/,
  'wrong-dtype.pt': /backbone\.norm0\.bias has the type float64/,
  'forbidden-global.pt': /builtins\.print.*nothing was run/,
  'forbidden-global-protocol-4.pt': /builtins\.print.*nothing was run/,
  'truncated.pt': /end of central directory/i,
  'legacy-format.pt': /format of before 1\.6/,
  'storage-too-short.pt': /storage data\/12 holds/,
  'storage-missing.pt': /storage data\/12 is absent/,
  'pickle-cut.pt': /pickle ends/,
  'damaged-byte.pt': /storage data\/20 is damaged/,
  'not-a-number.pt': /backbone\.norm1\.weight holds NaN/,
};

/** The smaller network of `bad/`, with the vocabulary of the set. */
function folderWith(weights: string): { readonly folder: string; readonly modelsDir: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'biomedparse-'));
  copyFileSync(path.join(set.folder, 'bad', weights), path.join(folder, 'biomedparse_v1.pt'));
  copyFileSync(path.join(set.folder, 'bad', 'config.yaml'), path.join(folder, 'config.yaml'));
  for (const name of ['vocab.json', 'merges.txt', 'target_dist.json']) {
    copyFileSync(path.join(set.folder, name), path.join(folder, name));
  }
  return { folder, modelsDir: mkdtempSync(path.join(tmpdir(), 'models-')) };
}

async function versionOf(weights: string): Promise<string> {
  const { folder, modelsDir } = folderWith(weights);
  return (await importBiomedParse(folder, { name: 'control', modelsDir })).version;
}

describeWithShared('the checkpoints of BiomedParse of the shared data', () => {
  const expected = files.json('bad/expected.json') as Record<string, { readonly accept: boolean }>;

  it('has an expectation for every file that is to be refused', () => {
    const refused = Object.entries(expected).filter(([, { accept }]) => !accept);
    expect(Object.keys(refusals).sort()).toEqual(refused.map(([file]) => file).sort());
  });

  it.each(Object.entries(refusals))('refuses %s by name and leaves nothing', async (file, reason) => {
    const { folder, modelsDir } = folderWith(file);
    await expect(importBiomedParse(folder, { name: 'bad', modelsDir })).rejects.toThrow(reason);
    expect(readdirSync(modelsDir)).toEqual([]);
  });

  it('takes views into one storage and storages of another device as the plain file', async () => {
    const plain = await versionOf('control.pt');
    expect(await versionOf('control-views.pt')).toBe(plain);
    expect(await versionOf('control-cuda.pt')).toBe(plain);
  });

  it('refuses a segmenter as the model that embeds, and says what it is', async () => {
    const { folder, modelsDir } = folderWith('control.pt');
    await importBiomedParse(folder, { name: 'control', modelsDir });
    const loading = new ModelRegistry(modelsDir).load('control');
    await expect(loading).rejects.toThrow(/control is a segmenter.*choose a dual encoder/);
  });

  it('reads every tensor of the reference checkpoint, value by value', async () => {
    const { tensors } = files.json('tensors.json') as {
      tensors: Record<string, { shape: number[]; first3: number[]; sha256_16: string }>;
    };
    const checkpoint = await openCheckpoint(path.join(set.folder, 'biomedparse_v1.pt'));
    const found: typeof tensors = {};
    for (const [name, tensor] of checkpoint.tensors) {
      const values = await tensor.read();
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      const sha256 = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
      found[name] = { shape: [...tensor.shape], first3: [...values.slice(0, 3)], sha256_16: sha256 };
    }
    await checkpoint.close();
    expect(found).toEqual(tensors);
  });
});
