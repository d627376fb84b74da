import { byPalette, toRgb } from './colors.js';
import type { DicomFile } from './dicom-file.js';
import { evenlyChosen } from '../../../domain/evenly-chosen.js';
import { readFrame } from './frame-samples.js';
import { extentOf, isShownByExtent, toGrayLevels, type Extent } from './gray-levels.js';
import type { ImageLayout } from './image-layout.js';

const maxTiles = 1000;

/** Pixels of 8 bits, as they are shown. */
export interface RenderedFrame {
  readonly width: number;
  readonly height: number;
  /** 1: gray; 3: red, green and blue, side by side. */
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/**
 * One frame as 8-bit pixels: overlays are not drawn, supplemental palettes are not applied.
 * @param frame from 0
 * @throws {FigseekError} BAD_USER_INPUT, UNSUPPORTED_MEDIA or PAYLOAD_TOO_LARGE: what is wrong with the file
 */
export async function renderFrame(file: DicomFile, layout: ImageLayout, frame: number): Promise<RenderedFrame> {
  const { data } = file;
  const samples = await readFrame(file, layout, frame);
  const size = { width: layout.columns, height: layout.rows };
  if (layout.photometric === 'PALETTE COLOR') {
    return { ...size, channels: 3, data: byPalette(samples.values, data, layout) };
  }
  if (layout.samples === 3) return { ...size, channels: 3, data: toRgb(samples, layout) };
  const extent = await extentOfSlide(file, layout, frame);
  return { ...size, channels: 1, data: toGrayLevels(samples.values, { data, layout, frame, extent }) };
}

/** Tiles of a slide are shown alike: by the extent of all, or of so many, evenly chosen. */
async function extentOfSlide(file: DicomFile, layout: ImageLayout, frame: number): Promise<Extent | undefined> {
  const { data } = file;
  const isTile = layout.frames > 1 && data.elements['x00480006'] !== undefined;
  if (!isTile || !isShownByExtent(data, layout, frame)) return undefined;
  let [low, high] = [Infinity, -Infinity];
  for (const tile of evenlyChosen(layout.frames, maxTiles)) {
    const extent = extentOf((await readFrame(file, layout, tile)).values, { data, layout, frame: tile });
    low = Math.min(low, extent?.low ?? low);
    high = Math.max(high, extent?.high ?? high);
  }
  return low <= high ? { low, high } : undefined;
}
