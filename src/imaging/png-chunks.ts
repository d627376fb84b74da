/** What a PNG's chunks say beyond what libvips tells. */
export interface PngFacts {
  /** Apple's own variant for its devices, which only looks like a PNG. */
  readonly isApple: boolean;
  /** Bits that the numbers had before they were widened to 16 (sBIT); null where the file tells none. */
  readonly significantBits: number | null;
}

const signature = '\x89PNG\r\n\x1a\n';

/** @returns null for what is no PNG */
export function readPngFacts(bytes: Uint8Array): PngFacts | null {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data.subarray(0, 8).toString('latin1') !== signature) return null;
  let isApple = false;
  let significantBits: number | null = null;
  // Each chunk: length, name, content, check sum. Both stand before the pixels.
  for (let at = 8; at + 12 <= data.length; at += 12 + data.readUInt32BE(at)) {
    const length = data.readUInt32BE(at);
    const name = data.subarray(at + 4, at + 8).toString('latin1');
    if (name === 'IDAT' || name === 'IEND') break;
    if (name === 'CgBI') isApple = true;
    if (name === 'sBIT' && length > 0)
      significantBits = Math.max(...data.subarray(at + 8, at + 8 + Math.min(length, 3)));
  }
  return { isApple, significantBits };
}
