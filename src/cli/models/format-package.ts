import { advice } from '../../app/advice.js';
import type { ModelList } from '../../models/list-models.js';

type PackageManifest = ModelList['packages'][number];

/** A package in one line: name, size, precision, version. */
export function formatPackage(manifest: PackageManifest): string {
  const { name, kind, precision, version } = manifest;
  const size = kind === 'dual-encoder' ? `${manifest.dimensions}-d` : `segmenter, ${manifest.imageSize} pixels`;
  return `${name}  ${size}  ${precision}  ${version.slice(0, 16)}`;
}

/** The command that a package is for. */
export function nextSteps({ kind, name }: PackageManifest, data: string): string {
  return kind === 'dual-encoder' ? advice(`models use ${name}`, data) : advice('segment FILE --prompt TEXT', data);
}
