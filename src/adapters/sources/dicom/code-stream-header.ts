import { damaged } from './dicom-faults.js';

/** What the header of a compressed frame says. */
export interface CodeStreamHeader {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Bits of a sample. */
  readonly precision: number;
  /** The marker of a JPEG's frame, as 0xc0 for the baseline process; null for JPEG 2000. */
  readonly process: number | null;
}

/**
 * The size that a JPEG, JPEG-LS or JPEG 2000 names: read before it is decoded, since it decides how much memory that takes.
 * @throws {FigseekError} BAD_USER_INPUT where there is none
 */
export function readCodeStreamHeader(stream: Uint8Array): CodeStreamHeader {
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.length);
  const found = bytes[0] === 0xff && bytes[1] === 0x4f ? jpeg2000Header(bytes) : jpegHeader(bytes);
  if (found === null) throw damaged('its compressed pixels have no header');
  return found;
}

/** SIZ follows SOC (ISO/IEC 15444-1, A.5.1). */
function jpeg2000Header(bytes: Buffer): CodeStreamHeader | null {
  if (bytes.length < 44 || bytes.readUInt16BE(2) !== 0xff51) return null;
  const width = bytes.readUInt32BE(8) - bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(12) - bytes.readUInt32BE(20);
  const components = bytes.readUInt16BE(40);
  return { width, height, components, precision: ((bytes[42] ?? 0) & 0x7f) + 1, process: null };
}

/** The frame header (ISO/IEC 10918-1, B.2.2) of any process, and that of JPEG-LS (0xf7). */
function jpegHeader(bytes: Buffer): CodeStreamHeader | null {
  for (const { marker, start, length } of jpegSegments(bytes)) {
    const isFrame = (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7;
    if (!isFrame || length < 8) continue;
    return {
      precision: bytes[start + 4] ?? 0,
      height: bytes.readUInt16BE(start + 5),
      width: bytes.readUInt16BE(start + 7),
      components: bytes[start + 9] ?? 0,
      process: marker,
    };
  }
  return null;
}

/** Segments before the first scan. `start` is the place of the marker; `length` counts from its two bytes on. */
export function* jpegSegments(
  bytes: Buffer,
): Generator<{ readonly marker: number; readonly start: number; readonly length: number }> {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return;
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    // Fill bytes may stand before a marker.
    if (marker === 0xff) at++;
    else {
      const length = bytes.readUInt16BE(at + 2);
      if (at + 2 + length > bytes.length || length < 2) return;
      yield { marker, start: at, length };
      if (marker === 0xda) return;
      at += 2 + length;
    }
  }
}
