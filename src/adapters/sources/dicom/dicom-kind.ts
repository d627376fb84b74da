import { unfit, type SourceKind } from '../source-kind.js';
import { countFiles, holdsDicom, isDicomFile, readDicomFolder, readSingleDicom } from './dicom-folder.js';

/** DICOM files, folders of them, and a DICOMDIR. */
export const dicomKind: SourceKind = {
  fits: ({ path, isFolder }) => (isFolder ? holdsDicom(path) : isDicomFile(path)),

  async open({ path, isFolder }) {
    if (isFolder) return { isOfArticles: false, read: () => readDicomFolder(path), count: () => countFiles(path) };
    if (!(await isDicomFile(path)))
      throw unfit('dicom', path, 'expected a DICOM file, a DICOMDIR, or a folder of DICOM files');
    return { isOfArticles: false, read: () => readSingleDicom(path), count: () => Promise.resolve(1) };
  },
};
