import { damaged } from './dicom-faults.js';

const headerBytes = 64;

/** Pixels that were decoded, and how they lie in memory. */
export interface RleImage {
  readonly pixels: number;
  readonly samples: number;
  readonly bytesPerSample: number;
}

/**
 * RLE Lossless (PS3.5, annex G): a segment for each byte of each sample, the highest byte first.
 * @returns bytes in little-endian order, the samples of a pixel side by side
 * @throws {FigseekError} BAD_USER_INPUT for segments that are absent, too short or outside of the frame
 */
export function decodeRle(frame: Uint8Array, { pixels, samples, bytesPerSample }: RleImage): Uint8Array {
  const step = samples * bytesPerSample;
  if (frame.length < headerBytes) throw damaged('the header of its run lengths is not whole');
  const header = Buffer.from(frame.buffer, frame.byteOffset, headerBytes);
  const count = header.readUInt32LE(0);
  if (count !== step) throw damaged(`expected ${step} segments of run lengths but found ${count}`);
  const output = new Uint8Array(pixels * step);
  for (let segment = 0; segment < count; segment++) {
    const start = header.readUInt32LE(4 * (segment + 1));
    const end = segment + 1 < count ? header.readUInt32LE(4 * (segment + 2)) : frame.length;
    if (start < headerBytes || end < start || end > frame.length) throw damaged('a segment lies outside of the frame');
    const [sample, byte] = [Math.floor(segment / bytesPerSample), segment % bytesPerSample];
    const offset = sample * bytesPerSample + (bytesPerSample - 1 - byte);
    unpack(frame.subarray(start, end), { output, offset, step });
  }
  return output;
}

/** PackBits: a count of 0…127 copies so many bytes and one, −127…−1 repeats a byte, −128 means nothing. */
function unpack(
  packed: Uint8Array,
  { output, offset, step }: { readonly output: Uint8Array; readonly offset: number; readonly step: number },
): void {
  let [from, to] = [0, offset];
  while (to < output.length) {
    const count = packed[from++];
    if (count === undefined) throw damaged('a segment of run lengths ends before the image does');
    if (count === 128) continue;
    const isRun = count > 128;
    for (let left = isRun ? 257 - count : count + 1; left > 0 && to < output.length; left--) {
      output[to] = packed[isRun ? from : from++] ?? 0;
      to += step;
    }
    if (isRun) from++;
  }
}
