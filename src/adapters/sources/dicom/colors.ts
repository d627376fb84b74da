import type { DataSet } from 'dicom-parser';
import { damaged, refused } from './dicom-faults.js';
import type { FrameSamples, Values } from './frame-samples.js';
import type { ImageLayout } from './image-layout.js';
import { lookUp, readTable } from './lookup-tables.js';

const palette = [
  { descriptor: 'x00281101', data: 'x00281201' },
  { descriptor: 'x00281102', data: 'x00281202' },
  { descriptor: 'x00281103', data: 'x00281203' },
] as const;

/**
 * Red, green and blue by the palette; of entries of 16 bits the high byte.
 * @param values an index a pixel
 * @throws {FigseekError} UNSUPPORTED_MEDIA for a palette in segments, BAD_USER_INPUT where it is absent
 */
export function byPalette(values: Values, data: DataSet, { isSigned }: ImageLayout): Uint8Array {
  if (data.elements['x00281221'] !== undefined) throw refused('its palette is written in segments');
  const tables = palette.map((tags) => readTable(data, tags, isSigned));
  const output = new Uint8Array(values.length * 3);
  for (const [color, table] of tables.entries()) {
    if (table === null) throw damaged('its palette is absent');
    const shift = table.bits > 8 ? 8 : 0;
    for (let i = 0; i < values.length; i++) output[3 * i + color] = lookUp(table, values[i] ?? 0) >> shift;
  }
  return output;
}

/** Red, green and blue of three samples a pixel; of 16 or 32 bits the high byte, YBR by PS3.3 C.7.6.3.1.2. */
export function toRgb({ values, isRgb }: FrameSamples, { photometric, bitsAllocated }: ImageLayout): Uint8Array {
  const bytes = values instanceof Uint8Array ? values : highBytes(values, bitsAllocated);
  return !isRgb && photometric.startsWith('YBR_FULL') ? fromYbr(bytes) : bytes;
}

function highBytes(values: Values, bits: number): Uint8Array {
  return Uint8Array.from(values, (value) => Math.floor(value / 2 ** (bits - 8)));
}

function fromYbr(values: Uint8Array): Uint8Array {
  const output = new Uint8ClampedArray(values.length);
  for (let i = 0; i + 2 < values.length; i += 3) {
    const y = values[i] ?? 0;
    const [blue, red] = [(values[i + 1] ?? 0) - 128, (values[i + 2] ?? 0) - 128];
    output[i] = Math.floor(y + 1.402 * red + 0.5);
    output[i + 1] = Math.floor(y - 0.344136 * blue - 0.714136 * red + 0.5);
    output[i + 2] = Math.floor(y + 1.772 * blue + 0.5);
  }
  return new Uint8Array(output.buffer);
}
