/** How the pixels of a transfer syntax are kept. */
export type PixelCoding =
  'native' | 'deflated-frames' | 'rle' | 'jpeg' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k';

interface TransferSyntax {
  readonly name: string;
  /** Null: figseek refuses it. */
  readonly coding: PixelCoding | null;
}

const read = (name: string, coding: PixelCoding): TransferSyntax => ({ name, coding });
const unread = (name: string): TransferSyntax => ({ name, coding: null });

export const implicitLittleEndian = '1.2.840.10008.1.2';
export const explicitLittleEndian = '1.2.840.10008.1.2.1';
export const deflatedLittleEndian = '1.2.840.10008.1.2.1.99';
export const explicitBigEndian = '1.2.840.10008.1.2.2';

/** Transfer syntaxes by UID (DICOM PS3.6, table A-1). */
const syntaxes: Readonly<Record<string, TransferSyntax>> = {
  [implicitLittleEndian]: read('Implicit VR Little Endian', 'native'),
  [explicitLittleEndian]: read('Explicit VR Little Endian', 'native'),
  [deflatedLittleEndian]: read('Deflated Explicit VR Little Endian', 'native'),
  [explicitBigEndian]: read('Explicit VR Big Endian', 'native'),
  '1.2.840.10008.1.2.1.98': unread('Encapsulated Uncompressed Explicit VR Little Endian'),
  '1.2.840.10008.1.2.4.50': read('JPEG Baseline', 'jpeg'),
  '1.2.840.10008.1.2.4.51': read('JPEG Extended', 'jpeg'),
  '1.2.840.10008.1.2.4.52': unread('JPEG Extended (Process 3 and 5)'),
  '1.2.840.10008.1.2.4.53': unread('JPEG Spectral Selection (Process 6 and 8)'),
  '1.2.840.10008.1.2.4.54': unread('JPEG Spectral Selection (Process 7 and 9)'),
  '1.2.840.10008.1.2.4.55': unread('JPEG Full Progression (Process 10 and 12)'),
  '1.2.840.10008.1.2.4.56': unread('JPEG Full Progression (Process 11 and 13)'),
  '1.2.840.10008.1.2.4.57': read('JPEG Lossless', 'jpeg-lossless'),
  '1.2.840.10008.1.2.4.58': unread('JPEG Lossless (Process 15)'),
  '1.2.840.10008.1.2.4.70': read('JPEG Lossless, first-order prediction', 'jpeg-lossless'),
  '1.2.840.10008.1.2.4.80': read('JPEG-LS Lossless', 'jpeg-ls'),
  '1.2.840.10008.1.2.4.81': read('JPEG-LS Near-Lossless', 'jpeg-ls'),
  '1.2.840.10008.1.2.4.90': read('JPEG 2000 Lossless', 'jpeg-2000'),
  '1.2.840.10008.1.2.4.91': read('JPEG 2000', 'jpeg-2000'),
  '1.2.840.10008.1.2.4.92': unread('JPEG 2000 Part 2 Lossless'),
  '1.2.840.10008.1.2.4.93': unread('JPEG 2000 Part 2'),
  '1.2.840.10008.1.2.4.94': unread('JPIP Referenced'),
  '1.2.840.10008.1.2.4.95': unread('JPIP Referenced Deflate'),
  '1.2.840.10008.1.2.4.100': unread('MPEG2 Main Profile, Main Level'),
  '1.2.840.10008.1.2.4.101': unread('MPEG2 Main Profile, High Level'),
  '1.2.840.10008.1.2.4.102': unread('MPEG-4 AVC/H.264 High Profile, Level 4.1'),
  '1.2.840.10008.1.2.4.103': unread('MPEG-4 AVC/H.264 BD-compatible'),
  '1.2.840.10008.1.2.4.104': unread('MPEG-4 AVC/H.264 for 2D video'),
  '1.2.840.10008.1.2.4.105': unread('MPEG-4 AVC/H.264 for 3D video'),
  '1.2.840.10008.1.2.4.106': unread('MPEG-4 AVC/H.264 Stereo'),
  '1.2.840.10008.1.2.4.107': unread('HEVC/H.265 Main Profile'),
  '1.2.840.10008.1.2.4.108': unread('HEVC/H.265 Main 10 Profile'),
  '1.2.840.10008.1.2.4.110': unread('JPEG XL Lossless'),
  '1.2.840.10008.1.2.4.111': unread('JPEG XL JPEG Recompression'),
  '1.2.840.10008.1.2.4.112': unread('JPEG XL'),
  '1.2.840.10008.1.2.4.201': read('High-Throughput JPEG 2000 Lossless', 'htj2k'),
  '1.2.840.10008.1.2.4.202': read('High-Throughput JPEG 2000 Lossless with RPCL', 'htj2k'),
  '1.2.840.10008.1.2.4.203': read('High-Throughput JPEG 2000', 'htj2k'),
  '1.2.840.10008.1.2.5': read('RLE Lossless', 'rle'),
  '1.2.840.10008.1.2.6.1': unread('RFC 2557 MIME encapsulation'),
  '1.2.840.10008.1.2.8.1': read('Deflated Image Frame Compression', 'deflated-frames'),
};

/** How the pixels are kept; null for a transfer syntax that is refused. */
export function codingOf(uid: string): PixelCoding | null {
  return Object.hasOwn(syntaxes, uid) ? (syntaxes[uid]?.coding ?? null) : null;
}

/** A transfer syntax for messages: its UID, where it is one, and its name. */
export function nameOfSyntax(uid: string): string {
  const name = Object.hasOwn(syntaxes, uid) ? (syntaxes[uid]?.name ?? '') : 'unknown to figseek';
  return `${/^[\d.]{1,64}$/.test(uid) ? uid : 'none'}, ${name}`;
}
