import type { DataSet } from 'dicom-parser';
import { decimalsOf, doubleOf, groupOf, itemsOf, longOf, shortOf } from './element-values.js';
import type { ImageLayout } from './image-layout.js';

const centimeters = 3;

/**
 * Millimeters between rows and between columns: Pixel Spacing, also of the frame's functional groups; of ultrasound one region
 * that covers the image and is measured in centimeters. Not Imager Pixel Spacing (0018,1164), which holds at the detector,
 * where the body appears enlarged, nor Nominal Scanned Pixel Spacing (0018,2010).
 * @param frame from 0
 * @returns null where the file tells none, or none above 0
 */
export function readPixelSpacing(data: DataSet, layout: ImageLayout, frame: number): readonly [number, number] | null {
  const own = decimalsOf(data, 'x00280030');
  const measures = groupOf(data, frame, 'x00289110');
  const [rows = 0, columns = 0] = own.length > 0 || measures === null ? own : decimalsOf(measures, 'x00280030');
  const found = rows > 0 && columns > 0 ? ([rows, columns] as const) : ultrasoundSpacing(data, layout);
  return found?.every((distance) => distance > 0 && distance <= 1_000_000) === true ? found : null;
}

/** Sequence of Ultrasound Regions (PS3.3 C.8.5.5). */
function ultrasoundSpacing(data: DataSet, { rows, columns }: ImageLayout): readonly [number, number] | null {
  const [region, another] = itemsOf(data, 'x00186011');
  if (region === undefined || another !== undefined) return null;
  const isMeasured = shortOf(region, 'x00186024') === centimeters && shortOf(region, 'x00186026') === centimeters;
  const [left, top] = [longOf(region, 'x00186018'), longOf(region, 'x0018601a')];
  const [right, bottom] = [longOf(region, 'x0018601c') ?? 0, longOf(region, 'x0018601e') ?? 0];
  const covers = left === 0 && top === 0 && right >= columns - 1 && bottom >= rows - 1;
  if (!isMeasured || !covers) return null;
  const [across, down] = [doubleOf(region, 'x0018602c') ?? 0, doubleOf(region, 'x0018602e') ?? 0];
  return [Math.abs(down) * 10, Math.abs(across) * 10];
}
