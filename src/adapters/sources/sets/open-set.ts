import { FigseekError } from '../../../domain/errors.js';
import type { OpenedSet, PublicSetName, SetRequest } from '../../../domain/public-set.js';
import { openBiomedparseTest } from './biomedparse-test.js';
import { openLc25000 } from './lc25000.js';
import { isFolder } from './layout.js';
import { openPcam } from './pcam.js';
import { openPmcSplit } from './pmc-split.js';
import { openRocov2 } from './rocov2.js';
import { openRsnaPneumonia } from './rsna-pneumonia.js';

/**
 * Opens a public set in its published layout.
 * @throws {FigseekError} BAD_USER_INPUT where the folder has another layout, with what was expected and what was found
 */
export async function openPublicSet(folder: string, name: PublicSetName, request: SetRequest): Promise<OpenedSet> {
  if (!(await isFolder(folder))) throw new FigseekError('BAD_USER_INPUT', `There is no folder ${folder}`);
  switch (name) {
    case 'pmc-split':
      return openPmcSplit(folder, request);
    case 'rocov2':
      return openRocov2(folder, request);
    case 'pcam':
      return openPcam(folder, request);
    case 'lc25000':
      return openLc25000(folder, request);
    case 'rsna-pneumonia':
      return openRsnaPneumonia(folder, request);
    case 'biomedparse-test':
      return openBiomedparseTest(folder, request);
  }
}
