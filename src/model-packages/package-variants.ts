import { precisions } from '../domain/precision.js';
import type { DualEncoderManifest } from './package-manifest.js';
import type { ModelRegistry } from './package-registry.js';

/** What is asked of a registry here. */
type PackageList = Pick<ModelRegistry, 'list'>;

/**
 * The fp32 package of the same checkpoint: what a lower precision is held against. Packages that were made before
 * checkpoints were noted are known by their source.
 */
export async function fp32Variant(
  registry: PackageList,
  manifest: DualEncoderManifest,
): Promise<DualEncoderManifest | undefined> {
  if (manifest.precision === 'fp32') return undefined;
  return (await dualEncoders(registry)).find(
    (other) => other.precision === 'fp32' && isOfSameCheckpoint(other, manifest),
  );
}

/** A package and the others of its checkpoint, fp32 first. */
export async function listPrecisions(
  registry: PackageList,
  manifest: DualEncoderManifest,
): Promise<readonly DualEncoderManifest[]> {
  const all = (await dualEncoders(registry)).filter((other) => isOfSameCheckpoint(other, manifest));
  return precisions.flatMap((precision) => all.filter((one) => one.precision === precision));
}

async function dualEncoders(registry: PackageList): Promise<readonly DualEncoderManifest[]> {
  return (await registry.list()).filter((one) => one.kind === 'dual-encoder');
}

function isOfSameCheckpoint(a: DualEncoderManifest, b: DualEncoderManifest): boolean {
  if (a.checkpoint !== undefined && b.checkpoint !== undefined) return a.checkpoint === b.checkpoint;
  return a.source === b.source && a.dimensions === b.dimensions;
}
