import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe } from '@jest/globals';
import { packageRoot } from '../../src/app/config.js';
import { describeWithShared, sharedDir } from '../support/shared.js';
import { rebuildCheckpoint } from './rule-weights.js';

type Family = 'biomedclip' | 'biomedparse' | 'dab-detr' | 'dab-detr-resnet';

/** What the official code of a model answered, and the model with made-up weights that it answered for. */
export interface GoldenSet {
  /** The folder of `cases.json`, with the files that it names. */
  readonly folder: string;
  /** The folder of the model as it lies on the hub: weights, configuration, and vocabulary. */
  modelFolder(): string;
}

const weights: Readonly<Record<Family, string>> = {
  biomedclip: 'open_clip_pytorch_model.bin',
  biomedparse: 'biomedparse_v1.pt',
  'dab-detr': 'model.safetensors',
  'dab-detr-resnet': 'model.safetensors',
};

const filesBeside: Readonly<Record<Family, readonly string[]>> = {
  biomedclip: ['open_clip_config.json', 'config.json', 'vocab.txt', 'tokenizer_config.json'],
  biomedparse: ['config.yaml', 'vocab.json', 'merges.txt', 'target_dist.json'],
  'dab-detr': ['config.json', 'preprocessor_config.json'],
  'dab-detr-resnet': ['config.json', 'preprocessor_config.json'],
};

/** The set of the repository, made by `tools/golden`. Its weights follow from their names and are written when asked for. */
export function repositorySet(family: Family): GoldenSet {
  const folder = path.join(packageRoot, 'test', 'golden', family);
  let model: string | undefined;
  return { folder, modelFolder: () => (model ??= writeModelFolder(family, folder)) };
}

/** The larger set of the shared data; it need not be there. */
export function sharedSet(family: Family): GoldenSet {
  const folder = path.join(sharedDir, 'golden', family);
  return { folder, modelFolder: () => folder };
}

/** The same tests on the set of the repository, and on that of the shared data where it is there. */
export function describeGoldenSets(family: Family, name: string, tests: (set: GoldenSet) => void): void {
  describe(`${name} (the set of the repository)`, () => {
    tests(repositorySet(family));
  });
  describeWithShared(`${name} (the shared set)`, () => {
    tests(sharedSet(family));
  });
}

function writeModelFolder(family: Family, golden: string): string {
  // A package is named after the folder that it is imported from.
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'golden-')), family);
  mkdirSync(folder);
  for (const name of filesBeside[family]) copyFileSync(path.join(golden, name), path.join(folder, name));
  writeFileSync(path.join(folder, weights[family]), rebuildCheckpoint(golden).bytes);
  return folder;
}
