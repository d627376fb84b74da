import { inflateRawSync } from 'node:zlib';
import { decodeCompressed } from './compressed-frame.js';
import { damaged, reasonOf, refused } from './dicom-faults.js';
import type { DicomFile } from './dicom-file.js';
import { encapsulatedFrame, nativeFrame, type NativeFrame } from './frame-bytes.js';
import type { ImageLayout } from './image-layout.js';
import { interleave } from './planes.js';
import { decodeRle } from './rle.js';
import { codingOf, nameOfSyntax } from './transfer-syntaxes.js';

type WholeNumbers = Uint8Array | Uint16Array | Uint32Array;
export type Values = WholeNumbers | Int16Array | Int32Array | Float32Array | Float64Array;

/** Numbers of a frame, the samples of a pixel side by side; gray ones with their sign, without bits that are not stored. */
export interface FrameSamples {
  readonly values: Values;
  /** Whether the decoder gave red, green and blue, whatever the file names. */
  readonly isRgb: boolean;
}

/**
 * Decodes one frame.
 * @param frame from 0
 * @throws {FigseekError} BAD_USER_INPUT for damaged pixels, UNSUPPORTED_MEDIA for a transfer syntax that is not read
 */
export async function readFrame(file: DicomFile, layout: ImageLayout, frame: number): Promise<FrameSamples> {
  const { values, isRgb } = await decode(file, layout, frame);
  return { values: layout.samples === 1 ? withSign(values, layout) : values, isRgb };
}

async function decode(file: DicomFile, layout: ImageLayout, frame: number): Promise<FrameSamples> {
  const { data, syntax } = file;
  const coding = codingOf(syntax);
  if (coding === null) throw refused(`figseek does not read the transfer syntax ${nameOfSyntax(syntax)}`);
  if (coding === 'native') {
    return { values: nativeValues(nativeFrame(file, layout, frame), layout, file), isRgb: false };
  }
  if (layout.pixelTag !== 'x7fe00010') throw refused('its floating-point pixels are compressed');
  const stream = encapsulatedFrame(data, layout, frame);
  if (coding === 'deflated-frames') return { values: inflated(stream, layout), isRgb: false };
  if (coding !== 'rle') return decodeCompressed(stream, coding, layout);
  const { rows, columns, samples, bitsAllocated } = layout;
  if (bitsAllocated === 1) throw refused('its run lengths have pixels of 1 bit');
  const bytes = decodeRle(stream, { pixels: rows * columns, samples, bytesPerSample: bitsAllocated / 8 });
  return { values: wholeNumbers(bytes, bitsAllocated, true), isRgb: false };
}

function nativeValues({ bytes, firstBit }: NativeFrame, layout: ImageLayout, { isBigEndian }: DicomFile): Values {
  const { bitsAllocated, rows, columns, pixelTag, photometric, isPlanar, samples } = layout;
  if (bitsAllocated === 1) return singleBits(bytes, firstBit, rows * columns);
  if (pixelTag !== 'x7fe00010') return floats(bytes, pixelTag === 'x7fe00008' ? 4 : 8, !isBigEndian);
  const values = wholeNumbers(bytes, bitsAllocated, !isBigEndian);
  if (photometric === 'YBR_FULL_422') return withSharedColors(values);
  return isPlanar && samples > 1 ? interleave(values, samples) : values;
}

/** @throws {FigseekError} BAD_USER_INPUT where the frame is not whole */
function inflated(stream: Uint8Array, layout: ImageLayout): Values {
  const { rows, columns, samples, bitsAllocated, isPlanar } = layout;
  const needed = Math.ceil((rows * columns * samples * bitsAllocated) / 8);
  let bytes: Uint8Array;
  try {
    bytes = inflateRawSync(stream, { maxOutputLength: needed + 16 });
  } catch (error) {
    throw damaged(`a frame cannot be inflated: ${reasonOf(error)}`);
  }
  if (bytes.length < needed) throw damaged(`a frame has ${bytes.length} bytes, expected ${needed}`);
  if (bitsAllocated === 1) return singleBits(bytes, 0, rows * columns);
  const values = wholeNumbers(bytes.subarray(0, needed), bitsAllocated, true);
  return isPlanar && samples > 1 ? interleave(values, samples) : values;
}

/** Bits from the lowest one of each byte on. */
function singleBits(bytes: Uint8Array, firstBit: number, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => {
    const at = firstBit + i;
    return ((bytes[at >> 3] ?? 0) >> (at & 7)) & 1;
  });
}

function wholeNumbers(bytes: Uint8Array, bits: number, isLittle: boolean): WholeNumbers {
  if (bits === 8) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = bits === 16 ? new Uint16Array(bytes.length >> 1) : new Uint32Array(bytes.length >> 2);
  const width = values.BYTES_PER_ELEMENT;
  for (let i = 0; i < values.length; i++) {
    values[i] = width === 2 ? view.getUint16(2 * i, isLittle) : view.getUint32(4 * i, isLittle);
  }
  return values;
}

function floats(bytes: Uint8Array, width: 4 | 8, isLittle: boolean): Float32Array | Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = width === 4 ? new Float32Array(bytes.length / 4) : new Float64Array(bytes.length / 8);
  for (let i = 0; i < values.length; i++) {
    values[i] = width === 4 ? view.getFloat32(4 * i, isLittle) : view.getFloat64(8 * i, isLittle);
  }
  return values;
}

/** Two brightnesses, a blue and a red for two pixels → three numbers a pixel (PS3.3 C.7.6.3.1.2). */
function withSharedColors(values: WholeNumbers): WholeNumbers {
  const length = Math.floor(values.length / 4) * 6;
  const output = values.BYTES_PER_ELEMENT === 1 ? new Uint8Array(length) : new Uint32Array(length);
  for (let [from, to] = [0, 0]; to < length; [from, to] = [from + 4, to + 6]) {
    const [first = 0, second = 0, blue = 0, red = 0] = values.subarray(from, from + 4);
    output.set([first, blue, red, second, blue, red], to);
  }
  return output;
}

/** Bits that are not stored hold overlays of former times, or nothing. */
function withSign(values: Values, { bitsStored, highBit, isSigned, pixelTag, bitsAllocated }: ImageLayout): Values {
  if (pixelTag !== 'x7fe00010' || bitsAllocated === 1) return values;
  const shift = highBit + 1 - bitsStored;
  if (!isSigned && shift === 0 && bitsStored === bitsAllocated) return values;
  const unused = 32 - bitsStored;
  const Kind = bitsStored <= 16 ? (isSigned ? Int16Array : Uint16Array) : isSigned ? Int32Array : Uint32Array;
  const output = new Kind(values.length);
  for (let i = 0; i < values.length; i++) {
    const moved = ((values[i] ?? 0) >>> shift) << unused;
    output[i] = isSigned ? moved >> unused : moved >>> unused;
  }
  return output;
}
