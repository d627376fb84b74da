import sharp, { type Metadata } from 'sharp';
import { FigseekError } from '../domain/errors.js';
import { detectFileKind } from './file-kinds.js';
import { readJpegFrame } from './jpeg-frame.js';
import { readPngFacts } from './png-chunks.js';
import { damaged, firstLineOf, unsupported } from './refusals.js';
import { isReadByVips } from './tiff/decode-tiff.js';
import { readLayout, type TiffLayout } from './tiff/layout.js';
import { isTiff, readTags, tag, type TiffTags } from './tiff/tags.js';

export type ImageFormat = 'jpeg' | 'png' | 'tiff' | 'webp' | 'gif' | 'avif';

/** What is known of a file before a pixel is decoded. */
export interface Header {
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
  readonly pages: number;
  readonly profile: Buffer | null;
  /** As libvips reads it; null for a TIFF that it does not open. */
  readonly metadata: Metadata | null;
  readonly tiff: { readonly layout: TiffLayout; readonly tags: TiffTags } | null;
}

const knownFormats: readonly string[] = ['jpeg', 'png', 'tiff', 'webp', 'gif', 'avif'];

/** @throws {FigseekError} UNSUPPORTED_MEDIA for what is not read; BAD_USER_INPUT for an empty or cut file */
export async function readHeader(bytes: Uint8Array): Promise<Header> {
  if (bytes.length === 0) throw new FigseekError('BAD_USER_INPUT', 'Expected an image but received an empty file');
  const tiff = isTiff(bytes) ? readTiff(bytes) : null;
  if (tiff !== null && !isReadByVips(tiff.layout)) {
    const { width, height } = tiff.layout;
    const { pages } = tiff.tags;
    const orientation = tiff.tags.number(tag.orientation) ?? 1;
    const icc = tiff.tags.numbers(tag.iccProfile);
    const profile = icc === undefined ? null : Buffer.from(icc);
    return { format: 'tiff', width, height, orientation, pages, profile, metadata: null, tiff };
  }
  refuseKnownKinds(bytes);
  const metadata = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      const name = detectFileKind(bytes);
      if (name !== null) throw notReadable(name);
      throw unsupported(`something else: ${firstLineOf(error)}`, 'expected the whole file of an image');
    });
  const { width, height, orientation = 1, pages = 1, icc = null } = metadata;
  // libvips has one name for AVIF and HEIC.
  const format = metadata.compression === 'av1' ? 'avif' : metadata.format;
  if (!isKnown(format)) throw notReadable(detectFileKind(bytes) ?? format);
  return { format, width, height, orientation, pages, profile: icc, metadata, tiff };
}

function readTiff(bytes: Uint8Array): { layout: TiffLayout; tags: TiffTags } {
  try {
    const tags = readTags(bytes);
    return { layout: readLayout(tags), tags };
  } catch (error) {
    if (error instanceof RangeError) throw damaged('tiff', 'it ends before its first directory does');
    throw error;
  }
}

/** Refuses files of these formats that no reader here opens, and says what they are. */
function refuseKnownKinds(bytes: Uint8Array): void {
  if (readPngFacts(bytes)?.isApple === true) {
    throw unsupported('a PNG of Apple’s own variant (CgBI)', 'convert it to a standard 8-bit PNG');
  }
  const frame = readJpegFrame(bytes);
  if (frame === null) return;
  if (frame.process === 'lossless' || frame.process === 'hierarchical') {
    throw unsupported(`a ${frame.process} JPEG of ${frame.precision} bits`);
  }
  if (frame.precision !== 8) throw unsupported(`a ${frame.precision}-bit JPEG`);
}

function isKnown(format: string): format is ImageFormat {
  return knownFormats.includes(format);
}

/** @param kind as `kindOf` names it */
function notReadable(kind: string): FigseekError {
  if (kind === 'a PDF document') return unsupported(kind, 'figseek ingest --format pdf takes the figures of PDFs');
  return /text file|web page|archive/.test(kind) ? unsupported(kind, 'give an image file') : unsupported(kind);
}
