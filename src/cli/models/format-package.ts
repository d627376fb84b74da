import { advice } from '../../app/advice.js';
import type { ModelList } from '../../models/list-models.js';

type PackageManifest = ModelList['packages'][number];

/** A package in one line: name, size, precision, version. */
export function formatPackage(manifest: PackageManifest): string {
  const { name, precision, version } = manifest;
  return `${name}  ${sizeOf(manifest)}  ${precision}  ${version.slice(0, 16)}`;
}

function sizeOf(manifest: PackageManifest): string {
  switch (manifest.kind) {
    case 'dual-encoder':
      return `${manifest.dimensions}-d`;
    case 'segmenter':
      return `segmenter, ${manifest.imageSize} pixels`;
    case 'panel-detector':
      return `panel detector, ${manifest.imageSize} pixels`;
  }
}

/** The command that a package is for. */
export function nextSteps({ kind, name }: PackageManifest, data: string): string {
  return kind === 'segmenter' ? advice('segment FILE --prompt TEXT', data) : advice(`models use ${name}`, data);
}
