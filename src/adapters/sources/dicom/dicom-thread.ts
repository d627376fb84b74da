/** Parses DICOM files and decodes their pixels, in a thread of its own: a hostile file holds no other work, and ends nothing else. */
import { runTaskLoop } from '../../../platform/task-messages.js';
import { describeDicom, renderDicom, type DicomContent } from './read-dicom.js';
import type { RenderedFrame } from './render-frame.js';

/** A file to describe, or the number of a frame to render (from 0). */
export interface DicomWork {
  readonly bytes: Uint8Array;
  readonly frame: number | null;
}

runTaskLoop<DicomWork, DicomContent | RenderedFrame>(async ({ bytes, frame }) => {
  const result = frame === null ? describeDicom(bytes) : await renderDicom(bytes, frame);
  return { result, transfer: [] };
});
