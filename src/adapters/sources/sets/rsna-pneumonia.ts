import path from 'node:path';
import type { SourceItem } from '../../../domain/figure-record.js';
import type { OpenedImages, SetRequest } from '../../../domain/public-set.js';
import { readImageFile, sizeOfImage } from '../image-file.js';
import { csvRows } from './csv-rows.js';
import { jpegOfDicom } from './dicom-jpeg.js';
import { isTaken } from './evenly.js';
import { isFile, isFolder, layoutError, refuseSplit } from './layout.js';
import { setFault, setItem } from './set-item.js';

const set = 'RSNA pneumonia set';
const [table, images] = ['stage_2_train_labels.csv', 'stage_2_train_images'];

/** By the column Target; the words are those of the BiomedCLIP paper (Supplementary Table 10). */
const classes: Readonly<Record<string, string>> = { '0': 'normal lung', '1': 'pneumonia' };

/**
 * RSNA Pneumonia Detection Challenge (Shih et al., Radiology: Artificial Intelligence 2019) as Kaggle publishes it: labels of
 * stage 2 in a table with a row for each opacity, and a DICOM file a patient. The images of its test part have no labels.
 * @throws {FigseekError} BAD_USER_INPUT for a folder without them
 */
export async function openRsnaPneumonia(folder: string, request: SetRequest): Promise<OpenedImages> {
  refuseSplit(request, set);
  const isThere = (await isFile(path.join(folder, table))) && (await isFolder(path.join(folder, images)));
  if (!isThere) throw await layoutError(folder, set, `${table} and ${images}/ with DICOM files`);
  const targets = new Map<string, string>();
  for await (const [patient = '', target = ''] of csvRows(path.join(folder, table), ['patientId', 'Target'])) {
    targets.set(patient, target.trim());
  }
  const layout = `${table}, ${images}/`;
  const groupOf = (id: string): string => `patient ${id}`;
  return { kind: 'images', layout, split: null, total: targets.size, items: items(), groupOf };

  async function* items(): AsyncGenerator<SourceItem> {
    let place = 0;
    for (const [patient, target] of targets) {
      if (!isTaken(place++, targets.size, request.limit)) continue;
      const label = classes[target];
      if (label === undefined) yield setFault(patient, `Expected a Target of 0 or 1 but received “${target}”`);
      else {
        const file = path.join(images, `${patient}.dcm`);
        const readImage = async () => jpegOfDicom(await readImageFile(folder, file));
        yield setItem({ id: patient, labels: [label] }, readImage, await sizeOfImage(folder, file));
      }
    }
  }
}
