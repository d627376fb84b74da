import { jpegSegments, type CodeStreamHeader } from './code-stream-header.js';
import { damaged, refused } from './dicom-faults.js';
import { EntropyReader, huffmanTable, type HuffmanTable } from './entropy-reader.js';

/** Places in a block of 8 × 8 in the order of the stream (ISO/IEC 10918-1, figure A.6). */
const zigzag = [
  ...[
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21,
    28,
  ],
  ...[
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  ],
  ...[55, 62, 63],
];

/** cos((2x + 1)uπ / 16) C(u) / 2 at 8u + x (A.3.3). */
const cosines = Float64Array.from({ length: 64 }, (_, at) => {
  const [u, x] = [Math.floor(at / 8), at % 8];
  return (Math.cos(((2 * x + 1) * u * Math.PI) / 16) * (u === 0 ? Math.SQRT1_2 : 1)) / 2;
});

interface Tables {
  readonly quantization: Map<number, Float64Array>;
  /** By class and number, as in the segment. */
  readonly huffman: Map<number, HuffmanTable>;
  restartInterval: number;
  quantizer: number;
}

/**
 * A sequential JPEG of 12 bits and one component (ISO/IEC 10918-1, extended process 4), which no well-kept decoder of npm reads.
 * @returns the pixels, 0…4095
 * @throws {FigseekError} BAD_USER_INPUT for a damaged stream, UNSUPPORTED_MEDIA for colors
 */
export function decodeTwelveBits(stream: Uint8Array, { width, height, components }: CodeStreamHeader): Uint16Array {
  if (components !== 1) throw refused('its JPEG has colors of 12 bits');
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.length);
  const tables: Tables = { quantization: new Map(), huffman: new Map(), restartInterval: 0, quantizer: 0 };
  for (const { marker, start, length } of jpegSegments(bytes)) {
    const content = bytes.subarray(start + 4, start + 2 + length);
    if (marker === 0xdb) readQuantization(content, tables.quantization);
    else if (marker === 0xc4) readHuffman(content, tables.huffman);
    else if (marker === 0xdd) tables.restartInterval = content.length < 2 ? 0 : content.readUInt16BE(0);
    else if (marker === 0xc0 || marker === 0xc1) tables.quantizer = content[8] ?? 0;
    else if (marker === 0xda) {
      return decodeScan(bytes.subarray(start + 2 + length), { width, height, content, tables });
    }
  }
  throw damaged('its JPEG has no scan');
}

function readQuantization(content: Buffer, into: Map<number, Float64Array>): void {
  let at = 0;
  while (at < content.length) {
    const kind = content[at++] ?? 0;
    const bytes = kind >> 4 === 0 ? 1 : 2;
    if (at + 64 * bytes > content.length) throw damaged('a quantization table of its JPEG is not whole');
    const start = at;
    into.set(
      kind & 15,
      Float64Array.from({ length: 64 }, (_, i) => content.readUIntBE(start + i * bytes, bytes)),
    );
    at += 64 * bytes;
  }
}

function readHuffman(content: Buffer, into: Map<number, HuffmanTable>): void {
  let at = 0;
  while (at + 17 <= content.length) {
    const counts = content.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    into.set(content[at] ?? 0, huffmanTable(counts, content.subarray(at + 17, at + 17 + total)));
    at += 17 + total;
  }
}

interface Scan {
  readonly width: number;
  readonly height: number;
  /** The header of the scan. */
  readonly content: Buffer;
  readonly tables: Tables;
}

function decodeScan(entropy: Buffer, { width, height, content, tables }: Scan): Uint16Array {
  const selected = content[2] ?? 0;
  const [dc, ac] = [tables.huffman.get(selected >> 4), tables.huffman.get(16 + (selected & 15))];
  const quantization = tables.quantization.get(tables.quantizer);
  if (dc === undefined || ac === undefined || quantization === undefined)
    throw damaged('a table of its JPEG is absent');
  const reader = new EntropyReader(entropy);
  const pixels = new Uint16Array(width * height);
  const across = Math.ceil(width / 8);
  const blocks = across * Math.ceil(height / 8);
  let predicted = 0;
  for (let block = 0; block < blocks; block++) {
    if (tables.restartInterval > 0 && block > 0 && block % tables.restartInterval === 0) {
      reader.restart();
      predicted = 0;
    }
    const coefficients = new Float64Array(64);
    predicted += reader.difference(dc);
    coefficients[0] = predicted * (quantization[0] ?? 0);
    readRest(reader, ac, { coefficients, quantization });
    const [x, y] = [8 * (block % across), 8 * Math.floor(block / across)];
    place(coefficients, { pixels, width, height, x, y });
  }
  return pixels;
}

function readRest(
  reader: EntropyReader,
  table: HuffmanTable,
  { coefficients, quantization }: { readonly coefficients: Float64Array; readonly quantization: Float64Array },
): void {
  for (let at = 1; at < 64; at++) {
    const symbol = reader.symbol(table);
    const [run, size] = [symbol >> 4, symbol & 15];
    if (size === 0 && run !== 15) return;
    at += run;
    if (size === 0) continue;
    const to = zigzag[at];
    if (to === undefined) throw damaged('a block of its JPEG is too long');
    coefficients[to] = reader.signed(size) * (quantization[at] ?? 0);
  }
}

interface Place {
  readonly pixels: Uint16Array;
  readonly width: number;
  readonly height: number;
  readonly x: number;
  readonly y: number;
}

/** The inverse transform, rows first; what lies beyond the image is dropped. */
function place(coefficients: Float64Array, { pixels, width, height, x, y }: Place): void {
  const rows = new Float64Array(64);
  for (let v = 0; v < 8; v++) {
    for (let i = 0; i < 8; i++) {
      let sum = 0;
      for (let u = 0; u < 8; u++) sum += (coefficients[8 * v + u] ?? 0) * (cosines[8 * u + i] ?? 0);
      rows[8 * v + i] = sum;
    }
  }
  for (let j = 0; j < 8 && y + j < height; j++) {
    for (let i = 0; i < 8 && x + i < width; i++) {
      let sum = 2048;
      for (let v = 0; v < 8; v++) sum += (rows[8 * v + i] ?? 0) * (cosines[8 * v + j] ?? 0);
      pixels[(y + j) * width + x + i] = Math.max(0, Math.min(4095, Math.round(sum)));
    }
  }
}
