import path from 'node:path';
import type { SourceItem } from '../../../domain/figure-record.js';
import type { OpenedImages, SetRequest } from '../../../domain/public-set.js';
import { readImageFile, sizeOfImage } from '../image-file.js';
import { detectImageKind } from '../file-name-kinds.js';
import { isTaken } from './evenly.js';
import { firstFolder, layoutError, namesIn, refuseSplit } from './layout.js';
import { setItem } from './set-item.js';

const set = 'LC25000';

/** Folders of the set, with the classes as the BiomedCLIP paper names them (its Supplementary Table 10). */
const classFolders = [
  ['lung_image_sets/lung_aca', 'lung adenocarcinomas'],
  ['lung_image_sets/lung_n', 'normal lung tissue'],
  ['lung_image_sets/lung_scc', 'lung squamous cell carcinomas'],
  ['colon_image_sets/colon_aca', 'colon adenocarcinomas'],
  ['colon_image_sets/colon_n', 'normal colonic tissue'],
] as const;

/**
 * LC25000 (Borkowski et al., arXiv 1912.12142) as its archive unpacks: a folder a class. One of the two organs is enough.
 * @throws {FigseekError} BAD_USER_INPUT for a folder without these folders
 */
export async function openLc25000(folder: string, request: SetRequest): Promise<OpenedImages> {
  refuseSplit(request, set);
  const root = (await firstFolder(folder, ['lung_colon_image_set'])) ?? '';
  const images: { readonly file: string; readonly label: string }[] = [];
  for (const [name, label] of classFolders) {
    const files = (await namesIn(path.join(folder, root, name))).filter((file) => detectImageKind(file) !== null);
    images.push(...files.map((file) => ({ file: path.join(root, name, file), label })));
  }
  if (images.length === 0) {
    const expected =
      'lung_colon_image_set with lung_image_sets/lung_aca, lung_n, lung_scc and colon_image_sets/colon_aca, colon_n';
    throw await layoutError(folder, set, expected);
  }
  return {
    kind: 'images',
    layout: path.join(root, '{lung,colon}_image_sets'),
    split: null,
    total: images.length,
    items: items(),
    groupOf: (id) => `image ${id}`,
  };

  async function* items(): AsyncGenerator<SourceItem> {
    for (const [place, { file, label }] of images.entries()) {
      if (!isTaken(place, images.length, request.limit)) continue;
      yield setItem({ id: file, labels: [label] }, () => readImageFile(folder, file), await sizeOfImage(folder, file));
    }
  }
}
