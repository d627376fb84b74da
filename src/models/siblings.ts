import type { PackageManifest } from './package-manifest.js';
import type { ModelRegistry } from './registry.js';

/**
 * The fp32 package of the same checkpoint: what a lower precision is held against. Packages that were made before
 * checkpoints were noted are known by their source.
 */
export async function fp32Sibling(
  registry: ModelRegistry,
  manifest: PackageManifest,
): Promise<PackageManifest | undefined> {
  if (manifest.precision === 'fp32') return undefined;
  return (await registry.list()).find((other) => other.precision === 'fp32' && isOfSameCheckpoint(other, manifest));
}

function isOfSameCheckpoint(a: PackageManifest, b: PackageManifest): boolean {
  if (a.checkpoint !== undefined && b.checkpoint !== undefined) return a.checkpoint === b.checkpoint;
  return a.source === b.source && a.dimensions === b.dimensions;
}
