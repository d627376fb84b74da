import { readdir } from 'node:fs/promises';
import { FigseekError, messageOf } from '../domain/errors.js';
import { importOpenClip, openClipConfigName } from './open-clip/import-open-clip.js';
import { importOnnxPair, manifestName } from './import-onnx-pair.js';
import { biomedParseWeightsName, importBiomedParse } from './biomedparse/import-biomedparse.js';
import { detectorConfigName, importDabDetr } from './dab-detr/import-dab-detr.js';
import type { PackageManifest } from '../model-packages/package-manifest.js';
import type { ImportOptions } from './write-package.js';

/**
 * Imports a folder of published files, of the kind that its files tell.
 * @throws {FigseekError} BAD_USER_INPUT naming the file and the reason; CONFLICT where the name is taken
 */
export async function importModelFolder(folder: string, options: ImportOptions): Promise<PackageManifest> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new FigseekError('BAD_USER_INPUT', `The folder ${folder} cannot be read: ${messageOf(error)}`);
  });
  if (names.includes(openClipConfigName)) return importOpenClip(folder, options);
  if (names.includes(biomedParseWeightsName)) return importBiomedParse(folder, options);
  if (names.includes(manifestName)) return importOnnxPair(folder, options);
  if (names.includes(detectorConfigName)) return importDabDetr(folder, options);
  throw new FigseekError(
    'BAD_USER_INPUT',
    `${folder} holds none of ${openClipConfigName} (an open_clip model), ${biomedParseWeightsName} (BiomedParse v1), ${manifestName} (a dual encoder in ONNX), ${detectorConfigName} (a panel detector)`,
  );
}
