import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Precision } from '../onnx/precision.js';
import type { Consent, PackageFile, PackageManifest } from '../package-manifest.js';
import { biomedClipCard } from './model-card.js';
import { imageOperations } from './operations.js';
import type { OpenClipConfig } from './open-clip-config.js';
import type { Sizes } from './state-dict.js';

/** What whoever imports a package says of it. */
export interface PackageFacts {
  readonly name: string;
  /** Default: that of the model card, where the model is known. */
  readonly license?: string;
  readonly warning?: string;
  /** Where the files come from (default: what the configuration names). */
  readonly source?: string;
  readonly consent?: Consent;
}

/** Hashes of one data file: over what it holds, and over the float32 values that were read for it. */
export interface Written {
  readonly weights: string;
  readonly read: string;
}

/** What `model.json` says of the files in `working`. */
export async function describePackage(
  working: string,
  config: OpenClipConfig,
  sizes: Sizes,
  options: PackageFacts & { readonly precision: Precision },
  written: readonly Written[],
): Promise<PackageManifest> {
  const file = async (name: string): Promise<PackageFile> => ({ file: name, ...(await sizeAndHash(working, name)) });
  const vocabulary = await file('vocab.txt');
  const { contextLength, imageSize } = config;
  const mean = triple(config.mean);
  const std = triple(config.std);
  const resize = 'shortest-bicubic-pillow' as const;
  const use = JSON.stringify([
    written.map(({ weights }) => weights),
    options.precision,
    contextLength,
    imageSize,
    mean,
    std,
    resize,
    vocabulary.sha256,
  ]);
  const known = isBiomedClip(config, sizes) ? biomedClipCard : null;
  return {
    format: 1,
    name: options.name,
    kind: 'dual-encoder',
    version: createHash('sha256').update(use).digest('hex'),
    precision: options.precision,
    checkpoint: createHash('sha256')
      .update(written.map(({ read }) => read).join())
      .digest('hex'),
    dimensions: sizes.embedding,
    contextLength,
    imageSize,
    mean,
    std,
    resize,
    license: options.license ?? known?.license ?? 'unknown',
    warning: options.warning ?? known?.warning ?? null,
    source: options.source ?? config.textModelName,
    ...(options.consent === undefined ? {} : { consent: options.consent }),
    imageOperations: imageOperations(sizes),
    image: { graph: await file('image.onnx'), weights: await file('image.data') },
    support: { graph: await file('support.onnx'), grid: sizes.grid },
    text: { graph: await file('text.onnx'), weights: await file('text.data') },
    vocabulary,
  };
}

function isBiomedClip({ textModelName }: OpenClipConfig, { imageWidth, textWidth }: Sizes): boolean {
  return /BiomedBERT|PubMedBERT/.test(textModelName) && imageWidth === 768 && textWidth === 768;
}

async function sizeAndHash(folder: string, name: string): Promise<{ bytes: number; sha256: string }> {
  const handle = await open(path.join(folder, name), 'r');
  const hash = createHash('sha256');
  for await (const chunk of handle.createReadStream()) hash.update(chunk as Buffer);
  return { bytes: (await stat(path.join(folder, name))).size, sha256: hash.digest('hex') };
}

function triple(values: readonly number[]): [number, number, number] {
  const [a = 0, b = 0, c = 0] = values;
  return [a, b, c];
}
