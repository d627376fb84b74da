import type { PackageManifest } from '../models/package-manifest.js';

/** A package in one line: name, size, precision, version. */
export function described(manifest: PackageManifest): string {
  const { name, kind, precision, version } = manifest;
  const size = kind === 'dual-encoder' ? `${manifest.dimensions}-d` : `segmenter, ${manifest.imageSize} pixels`;
  return `${name}  ${size}  ${precision}  ${version.slice(0, 16)}`;
}

/** The command that a package is for. */
export function nextFor({ kind, name }: PackageManifest): string {
  return kind === 'dual-encoder' ? `npx figseek models use ${name}` : 'npx figseek segment FILE --prompt TEXT';
}
