import { jpegSegments } from './code-stream-header.js';

const [jfif, adobe] = [0xe0, 0xee];

/**
 * A JPEG of three components whose markers tell what its colors are. Where it has neither JFIF's nor Adobe's marker, the colors
 * that the file names decide: Adobe's marker is put in, since decoders would take it for YCbCr.
 * @param photometric DICOM's photometric interpretation
 */
export function withColorMarker(stream: Uint8Array, photometric: string): Uint8Array {
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.length);
  for (const { marker, start } of jpegSegments(bytes)) {
    const name = bytes.toString('latin1', start + 4, start + 9);
    if ((marker === jfif && name === 'JFIF\0') || (marker === adobe && name === 'Adobe')) return stream;
  }
  const transform = photometric === 'RGB' ? 0 : 1;
  const inserted = Buffer.from([0xff, adobe, 0, 14, ...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, transform]);
  return Buffer.concat([bytes.subarray(0, 2), inserted, bytes.subarray(2)]);
}
