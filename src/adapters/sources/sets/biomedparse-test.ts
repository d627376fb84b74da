import path from 'node:path';
import { FigseekError } from '../../../domain/errors.js';
import type { MaskedRecord, OpenedMasks, SetRequest, SetSplit } from '../../../domain/public-set.js';
import { readImageFile } from '../image-file.js';
import { annotationsOf, type Annotation } from './biomedparse-annotations.js';
import { isTaken } from './evenly.js';
import { isFolder, layoutError, namesIn, splitOf } from './layout.js';

const set = 'BiomedParse data';
/** Data sets lie up to so deep: MSD/Task01_BrainTumour, amos22/CT. */
const deepest = 3;

/**
 * Data sets as microsoft/BiomedParse publishes and takes them: `test/NAME_MODALITY_SITE.png`, `test_mask/…_TARGET.png` and
 * `test.json` with the prompts; one such folder, or a folder of them.
 * @throws {FigseekError} BAD_USER_INPUT for a folder that has none
 */
export async function openBiomedparseTest(folder: string, request: SetRequest): Promise<OpenedMasks> {
  const split = splitOf(request, set, ['test', 'train']);
  const places = await findSets(folder, '', split);
  const all = (await Promise.all(places.map((place) => annotationsOf(folder, place, split)))).flat();
  if (all.length === 0) {
    throw await layoutError(folder, set, `${split}/, ${split}_mask/ and ${split}.json, or folders that hold these`);
  }
  const images = byImage(all);
  const records = [...images.values()]
    .filter((_, place) => isTaken(place, images.size, request.limit))
    .map((annotations) => toRecord(folder, annotations));
  const layout = places.map((place) => path.join(place, `${split}/`)).join(', ');
  return { kind: 'masks', layout, split, total: images.size, records, readFile: (file) => readImageFile(folder, file) };
}

function byImage(annotations: readonly Annotation[]): ReadonlyMap<string, readonly Annotation[]> {
  const images = new Map<string, Annotation[]>();
  for (const annotation of annotations) {
    const own = images.get(annotation.image);
    if (own === undefined) images.set(annotation.image, [annotation]);
    else own.push(annotation);
  }
  return images;
}

/** Folders with images and masks of a part, relative to `folder`. */
async function findSets(folder: string, place: string, split: SetSplit): Promise<readonly string[]> {
  const here = path.join(folder, place);
  if ((await isFolder(path.join(here, split))) && (await isFolder(path.join(here, `${split}_mask`)))) return [place];
  if (place.split(path.sep).length > deepest) return [];
  const found: string[] = [];
  for (const name of await namesIn(here)) {
    const inner = path.join(place, name);
    if (await isFolder(path.join(folder, inner))) found.push(...(await findSets(folder, inner, split)));
  }
  return found;
}

function toRecord(folder: string, annotations: readonly Annotation[]): MaskedRecord {
  const [first] = annotations;
  if (first === undefined) throw new FigseekError('INTERNAL_SERVER_ERROR', 'Expected an image with annotations');
  const { image, modality } = first;
  return {
    record: { id: image, modality },
    group: `image ${image}`,
    masks: annotations.map(({ prompt, mask }) => ({ prompt, file: mask })),
    readImage: () => readImageFile(folder, image),
  };
}
