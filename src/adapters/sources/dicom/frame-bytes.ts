import type { DataSet, Element } from 'dicom-parser';
import { damaged } from './dicom-faults.js';
import type { DicomFile } from './dicom-file.js';
import type { ImageLayout } from './image-layout.js';

/** The bytes of an uncompressed frame, and at which bit of the first byte it begins. */
export interface NativeFrame {
  readonly bytes: Uint8Array;
  readonly firstBit: number;
}

/**
 * One frame of pixels that are not compressed; frames of 1 bit may begin within a byte (PS3.5, section 8.1.1).
 * @param frame from 0
 * @throws {FigseekError} BAD_USER_INPUT where the file ends before the frame does
 */
export function nativeFrame({ data, isBigEndian }: DicomFile, layout: ImageLayout, frame: number): NativeFrame {
  const element = data.elements[layout.pixelTag];
  if (element === undefined || element.fragments !== undefined)
    throw damaged('expected pixels that are not encapsulated');
  const bits = bitsOfFrame(layout);
  const [start, end] = [frame * bits, (frame + 1) * bits];
  const available = Math.min(element.length, data.byteArray.length - element.dataOffset);
  const needed = Math.ceil(end / 8);
  if (needed > available)
    throw damaged(`frame ${frame + 1} needs ${needed} bytes of pixels, and there are ${available}`);
  const firstByte = Math.floor(start / 8);
  const at = (place: number): number => element.dataOffset + place;
  if (!isBigEndian || layout.bitsAllocated > 8 || element.vr !== 'OW') {
    return { bytes: data.byteArray.subarray(at(firstByte), at(needed)), firstBit: start % 8 };
  }
  // Bytes in words of the other order (PS3.5, section 8.2).
  const firstWord = firstByte - (firstByte % 2);
  const words = swapBytes(data.byteArray.subarray(at(firstWord), at(needed + (needed % 2))));
  return { bytes: words.subarray(firstByte - firstWord, needed - firstWord), firstBit: start % 8 };
}

function swapBytes(bytes: Uint8Array): Uint8Array {
  return bytes.map((_, i) => bytes[i ^ 1] ?? 0);
}

function bitsOfFrame({ rows, columns, samples, bitsAllocated, photometric }: ImageLayout): number {
  // Two pixels share their blue and red.
  const perPixel = photometric === 'YBR_FULL_422' ? 2 : samples;
  return rows * columns * perPixel * bitsAllocated;
}

/**
 * The fragments of one frame joined (PS3.5, annex A.4): by the offset table, else one fragment a frame, else each frame from
 * a fragment that begins a code stream to the next one.
 * @param frame from 0
 * @throws {FigseekError} BAD_USER_INPUT where the frames cannot be told apart
 */
export function encapsulatedFrame(data: DataSet, { frames }: ImageLayout, frame: number): Uint8Array {
  const element = data.elements['x7fe00010'];
  const fragments = element?.fragments ?? [];
  if (element === undefined || fragments.length === 0) throw damaged('it has no encapsulated pixels');
  const starts = startsOfFrames(data, element, frames);
  if (starts.length < frames) throw damaged(`it has ${frames} frames by its header, and ${starts.length} are there`);
  const pieces = fragments
    .slice(starts[frame], starts[frame + 1] ?? fragments.length)
    .map(({ position, length }) => data.byteArray.subarray(position, position + length));
  const [first] = pieces;
  return pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
}

/** Numbers of the fragments that frames begin with. */
function startsOfFrames(data: DataSet, element: Element, frames: number): readonly number[] {
  const fragments = element.fragments ?? [];
  if (frames === 1) return [0];
  const byTable = (element.basicOffsetTable ?? []).map((offset) => fragments.findIndex((one) => one.offset === offset));
  if (byTable.length === frames && !byTable.includes(-1)) return byTable;
  if (fragments.length === frames) return fragments.map((_, at) => at);
  return fragments.flatMap(({ position, length }, at) =>
    length >= 4 && beginsStream(data.byteArray.subarray(position, position + 4)) ? [at] : [],
  );
}

/** JPEG and JPEG-LS begin with SOI and another marker, JPEG 2000 with SOC and SIZ. */
function beginsStream([first, second, third, fourth]: Uint8Array): boolean {
  return first === 0xff && third === 0xff && (second === 0xd8 || (second === 0x4f && fourth === 0x51));
}
