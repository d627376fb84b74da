/** The kind of frame that a JPEG has (ITU-T T.81, table B.1). */
export interface JpegFrame {
  /** Bits of a value: 8, or 12 and 16 in medical files. */
  readonly precision: number;
  readonly process: 'usual' | 'lossless' | 'hierarchical' | 'arithmetic';
}

const processes: Readonly<Record<number, JpegFrame['process']>> = {
  0xc0: 'usual',
  0xc1: 'usual',
  0xc2: 'usual',
  0xc3: 'lossless',
  0xc5: 'hierarchical',
  0xc6: 'hierarchical',
  0xc7: 'hierarchical',
  0xc9: 'arithmetic',
  0xca: 'arithmetic',
  0xcb: 'lossless',
  0xcd: 'hierarchical',
  0xce: 'hierarchical',
  0xcf: 'hierarchical',
  // JPEG-LS
  0xf7: 'lossless',
};

/** @returns null for what is no JPEG, and for one that ends before its frame */
export function readJpegFrame(bytes: Uint8Array): JpegFrame | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  for (let at = 2; at + 4 < bytes.length;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    // Fill bytes, and markers without content.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += 2;
      continue;
    }
    const process = processes[marker];
    if (process !== undefined) return { precision: bytes[at + 4] ?? 0, process };
    if (marker === 0xda || marker === 0xd9) return null;
    at += 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
  }
  return null;
}
