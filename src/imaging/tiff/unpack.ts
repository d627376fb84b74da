import { inflateSync } from 'node:zlib';
import { unpackLzw } from './lzw.js';

/** No compression, LZW, Deflate by its two numbers, PackBits. */
const unpackers: Readonly<Record<number, (packed: Uint8Array, maxBytes: number) => Uint8Array>> = {
  1: (packed) => packed,
  5: unpackLzw,
  8: inflate,
  32_773: unpackPackBits,
  32_946: inflate,
};

export function isUnpacked(compression: number): boolean {
  return unpackers[compression] !== undefined;
}

/**
 * Unpacks a strip or tile.
 * @param wanted bytes that it has to have
 * @param full bytes that it may have: the last strip may be written whole
 * @throws {Error} where it is damaged, too short or too long
 */
export function unpack(
  packed: Uint8Array,
  compression: number,
  { wanted, full }: { wanted: number; full: number },
): Uint8Array {
  const unpacked = unpackers[compression]?.(packed, full) ?? packed;
  if (unpacked.length < wanted) throw new Error(`it has ${unpacked.length} bytes in place of ${wanted}`);
  // A copy: what is done to the rows must not change the file.
  return unpacked.slice(0, wanted);
}

function inflate(packed: Uint8Array, maxBytes: number): Uint8Array {
  const { buffer, byteOffset, length } = inflateSync(packed, { maxOutputLength: maxBytes });
  return new Uint8Array(buffer, byteOffset, length);
}

/** Apple's run lengths (TIFF 6.0, section 9). */
function unpackPackBits(packed: Uint8Array, maxBytes: number): Uint8Array {
  const out = new Uint8Array(maxBytes);
  let written = 0;
  for (let at = 0; at < packed.length && written < maxBytes;) {
    const head = ((packed[at++] ?? 0) << 24) >> 24;
    if (head === -128) continue;
    const count = head < 0 ? 1 - head : head + 1;
    const room = Math.min(count, maxBytes - written);
    if (head < 0) {
      out.fill(packed[at++] ?? 0, written, written + room);
    } else {
      const run = packed.subarray(at, at + room);
      out.set(run, written);
      if (run.length < room) return out.subarray(0, written + run.length);
      at += count;
    }
    written += room;
  }
  return out.subarray(0, written);
}
