import type { DataSet } from 'dicom-parser';
import { describe, keyOf, type DicomDescription } from './description.js';
import { damaged, refused } from './dicom-faults.js';
import { parseDicomFile } from './dicom-file.js';
import { itemsOf, textsOf } from './element-values.js';
import { framesToShow } from './frame-choice.js';
import { windowExtent, type Extent } from './gray-levels.js';
import { readLayout } from './image-layout.js';
import { readPixelSpacing } from './pixel-spacing.js';
import { renderFrame, type RenderedFrame } from './render-frame.js';
import { codingOf, nameOfSyntax } from './transfer-syntaxes.js';

/** A frame that becomes a figure. */
export interface DescribedFrame extends DicomDescription {
  /** From 0. */
  readonly frame: number;
  readonly pixelSpacing: readonly [number, number] | null;
  /** The window by which it is shown; null where there is none. */
  readonly valueRange: Extent | null;
}

/** What a DICOM file holds: an image, or the names of other files. */
export type DicomContent =
  | { readonly kind: 'image'; readonly key: string; readonly frames: number; readonly shown: readonly DescribedFrame[] }
  /** Paths from the folder of the DICOMDIR, in parts. */
  | { readonly kind: 'directory'; readonly files: readonly (readonly string[])[] };

/**
 * What stands in a file, without decoding its pixels.
 * @throws {FigseekError} BAD_USER_INPUT, UNSUPPORTED_MEDIA or PAYLOAD_TOO_LARGE: what is wrong with the file
 */
export function describeDicom(bytes: Uint8Array): DicomContent {
  const { data, syntax } = parseDicomFile(bytes);
  if (data.elements['x00041220'] !== undefined) return { kind: 'directory', files: filesOfDirectory(data) };
  const layout = readLayout(data);
  if (codingOf(syntax) === null) throw refused(`figseek does not read the transfer syntax ${nameOfSyntax(syntax)}`);
  const shown = framesToShow(layout.frames).map((frame) => {
    const spacing = readPixelSpacing(data, layout, frame);
    const valueRange = windowExtent(data, layout, frame);
    return { frame, ...describe(data, frame), pixelSpacing: spacing, valueRange };
  });
  return { kind: 'image', key: keyOf(data, bytes), frames: layout.frames, shown };
}

/**
 * One frame as it is shown.
 * @param frame from 0
 * @throws {FigseekError} as `describeDicom`
 */
export async function renderDicom(bytes: Uint8Array, frame: number): Promise<RenderedFrame> {
  const file = parseDicomFile(bytes);
  const layout = readLayout(file.data);
  if (frame >= layout.frames) throw damaged(`expected more than ${frame} frames but found ${layout.frames}`);
  return renderFrame(file, layout, frame);
}

/** Referenced File ID (0004,1500) of the records of a DICOMDIR (PS3.3, annex F). */
function filesOfDirectory(data: DataSet): readonly (readonly string[])[] {
  return itemsOf(data, 'x00041220')
    .map((record) => textsOf(record, 'x00041500'))
    .filter((parts) => parts.length > 0);
}
