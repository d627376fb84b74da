import loadCharls from '@cornerstonejs/codec-charls/decodewasmjs';
import loadJpeg from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs';
import loadJpeg2000 from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import loadHtj2k from '@cornerstonejs/codec-openjph/wasmjs';
import { Decoder as LosslessDecoder } from 'jpeg-lossless-decoder-js';
import { readCodeStreamHeader, type CodeStreamHeader } from './code-stream-header.js';
import { damaged, reasonOf, refused } from './dicom-faults.js';
import type { ImageLayout } from './image-layout.js';
import { withColorMarker } from './jpeg-colors.js';
import { interleave } from './planes.js';
import type { PixelCoding } from './transfer-syntaxes.js';
import { decodeTwelveBits } from './twelve-bit-jpeg.js';
import { WasmCodec, type Decoded } from './wasm-decoder.js';

const codecs = {
  jpeg: new WasmCodec(loadJpeg, 'JPEGDecoder'),
  'jpeg-ls': new WasmCodec(loadCharls, 'JpegLSDecoder'),
  'jpeg-2000': new WasmCodec(loadJpeg2000, 'J2KDecoder'),
  htj2k: new WasmCodec(loadHtj2k, 'HTJ2KDecoder'),
};

/** Numbers of a decoded frame, the samples of a pixel side by side. */
export interface DecodedFrame {
  readonly values: Uint8Array | Uint16Array;
  /** Whether the decoder gave red, green and blue, whatever the file names. */
  readonly isRgb: boolean;
}

type CompressedCoding = Exclude<PixelCoding, 'native' | 'deflated-frames' | 'rle'>;

/**
 * Decodes a frame of JPEG, JPEG-LS, JPEG 2000 or HTJ2K. Its own header has to agree with that of the file.
 * @throws {FigseekError} BAD_USER_INPUT for a damaged stream, UNSUPPORTED_MEDIA for one of another kind
 */
export async function decodeCompressed(
  stream: Uint8Array,
  coding: CompressedCoding,
  layout: ImageLayout,
): Promise<DecodedFrame> {
  const header = readCodeStreamHeader(stream);
  expectAgreement(header, layout);
  switch (coding) {
    case 'jpeg':
      return decodeJpeg(stream, header, layout);
    case 'jpeg-lossless':
      return { values: decodeLossless(stream, header, layout), isRgb: false };
    case 'jpeg-ls':
      return { values: valuesOf(await codecs[coding].decode(stream), layout), isRgb: false };
    case 'jpeg-2000':
    case 'htj2k': {
      const values = valuesOf(await codecs[coding].decode(stream), layout);
      return { values, isRgb: ['YBR_ICT', 'YBR_RCT'].includes(layout.photometric) };
    }
  }
}

function expectAgreement({ width, height, components, precision }: CodeStreamHeader, layout: ImageLayout): void {
  const { columns, rows, samples } = layout;
  if (width !== columns || height !== rows || components !== samples) {
    const said = `${columns} × ${rows} pixels of ${samples} samples`;
    throw damaged(`expected ${said} but its compressed pixels have ${width} × ${height} of ${components}`);
  }
  if (precision > 16) throw refused(`its compressed pixels have ${precision} bits, expected at most 16`);
}

async function decodeJpeg(stream: Uint8Array, header: CodeStreamHeader, layout: ImageLayout): Promise<DecodedFrame> {
  const { process, precision } = header;
  if (process !== 0xc0 && process !== 0xc1) throw refused('its JPEG is of another process than baseline and extended');
  if (precision === 12) return { values: decodeTwelveBits(stream, header), isRgb: false };
  if (precision !== 8) throw refused(`its JPEG has ${precision} bits, expected 8 or 12`);
  const isGray = layout.samples === 1;
  const decoded = await codecs.jpeg.decode(isGray ? stream : withColorMarker(stream, layout.photometric));
  return { values: valuesOf(decoded, layout), isRgb: !isGray };
}

function decodeLossless(
  stream: Uint8Array,
  { process, precision }: CodeStreamHeader,
  { rows, columns, samples }: ImageLayout,
): Uint8Array | Uint16Array {
  if (process !== 0xc3) throw refused('its JPEG is of another process than lossless');
  if (precision > 8 && samples > 1) throw refused(`its lossless JPEG has colors of ${precision} bits`);
  // The decoder reads on beyond what it is given, into the rest of the buffer.
  const own = Uint8Array.from(stream);
  let decoded: ArrayBuffer;
  try {
    decoded = new LosslessDecoder().decompress(own.buffer, 0, own.length);
  } catch (error) {
    throw damaged(`its compressed pixels cannot be decoded: ${reasonOf(error)}`);
  }
  const values = precision <= 8 ? new Uint8Array(decoded) : new Uint16Array(decoded);
  if (values.length !== rows * columns * samples) throw damaged('its compressed pixels are not whole');
  return values;
}

function valuesOf(
  { info, bytes, isPlanar }: Decoded,
  { rows, columns, samples }: ImageLayout,
): Uint8Array | Uint16Array {
  const count = rows * columns * samples;
  const width = info.bitsPerSample > 8 ? 2 : 1;
  if (bytes.length < count * width) throw damaged('its compressed pixels are not whole');
  const values = width === 1 ? bytes.subarray(0, count) : new Uint16Array(bytes.buffer, 0, count);
  return isPlanar ? interleave(values, samples) : values;
}
