import { encodePixelsPng, encodePng } from '../../../imaging/encode.js';
import { FileThread } from '../file-thread.js';
import { damaged, reasonOf } from './dicom-faults.js';
import type { DicomWork } from './dicom-thread.js';
import type { DicomContent } from './read-dicom.js';
import type { RenderedFrame } from './render-frame.js';

const thread = new FileThread<DicomWork, DicomContent | RenderedFrame>({
  entry: new URL('./dicom-thread.js', import.meta.url),
  purpose: 'reads DICOM files',
  damaged: (_work, error) => damaged(reasonOf(error)),
});

/** What a DICOM file holds, read in a thread. @throws {FigseekError} what is wrong with the file; TIMEOUT */
export function readDicomContent(bytes: Uint8Array): Promise<DicomContent> {
  return thread.ask({ bytes, frame: null }) as Promise<DicomContent>;
}

/**
 * A frame of a DICOM file as PNG, without anything else of the file.
 * @param frame from 0
 * @throws {FigseekError} what is wrong with the file; TIMEOUT
 */
export async function frameAsPng(bytes: Uint8Array, frame: number): Promise<Uint8Array> {
  const { width, height, channels, data } = (await thread.ask({ bytes, frame })) as RenderedFrame;
  return channels === 1 ? encodePixelsPng({ width, height, channels, data }) : encodePng({ width, height, data });
}
