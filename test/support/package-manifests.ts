import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type {
  DualEncoderManifest,
  PackageManifest,
  PanelDetectorManifest,
  SegmenterManifest,
} from '../../src/model-packages/package-manifest.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';

const file = (name: string) => ({ file: name, bytes: 1, sha256: '0'.repeat(64) });

const identity = {
  format: 1,
  version: 'a'.repeat(64),
  precision: 'fp32',
  mean: [0, 0, 0] as [number, number, number],
  std: [1, 1, 1] as [number, number, number],
  license: 'MIT',
  warning: null,
  source: 'somebody/model@1',
} as const;

const common = {
  ...identity,
  contextLength: 32,
  image: { graph: file('image.onnx') },
  text: { graph: file('text.onnx') },
  vocabulary: file('vocab.txt'),
} as const;

/** The manifest of a dual encoder whose files are nowhere. */
export function dualEncoderManifest(name: string, change: Partial<DualEncoderManifest> = {}): DualEncoderManifest {
  const own = { kind: 'dual-encoder', dimensions: 16, imageSize: 4, resize: 'shortest-bicubic-pillow' } as const;
  return { ...common, ...own, name, checkpoint: 'c'.repeat(64), ...change };
}

/** The manifest of a segmenter whose files are nowhere. */
export function segmenterManifest(name: string): SegmenterManifest {
  const sizes = { imageSize: 64, sizeMultiple: 32, queries: 1, resize: 'padded-square-spline-skimage' } as const;
  const files = { decoder: { graph: file('decoder.onnx') }, merges: file('merges.txt') };
  return { ...common, ...sizes, ...files, kind: 'segmenter', name, prompts: {}, statistics: {} };
}

/** The manifest of a panel detector whose files are nowhere. */
export function panelDetectorManifest(name: string, version = identity.version): PanelDetectorManifest {
  const use = { imageSize: 64, resize: 'squash-bilinear-pillow', minScore: 0.2, maxOverlap: 0.2 } as const;
  return { ...identity, ...use, kind: 'panel-detector', name, version, detector: { graph: file('detector.onnx') } };
}

/** A registry over a new folder that holds these manifests, and no other files. */
export function registryOf(...manifests: readonly PackageManifest[]): ModelRegistry {
  const folder = mkdtempSync(path.join(tmpdir(), 'packages-'));
  for (const manifest of manifests) {
    mkdirSync(path.join(folder, manifest.name));
    writeFileSync(path.join(folder, manifest.name, 'model.json'), JSON.stringify(manifest));
  }
  return new ModelRegistry(folder);
}
