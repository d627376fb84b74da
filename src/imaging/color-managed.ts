import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import type { RawImage } from '../domain/raw-image.js';
import { pick } from './channels.js';

/** Where the first chunk after a PNG's header stands. */
const afterHeader = 33;

/**
 * Pixels as a screen shows them: from the colors of an ICC profile to sRGB.
 * @param pixels as they stand in the file
 * @param profile the file's own, of gray or RGB
 * @returns the same pixels where the profile is of another kind, or damaged
 */
export async function colorManaged(pixels: RawImage, profile: Buffer): Promise<RawImage> {
  const space = profile.subarray(16, 20).toString('latin1');
  if (space !== 'GRAY' && space !== 'RGB ') return pixels;
  const { width, height } = pixels;
  const isGray = space === 'GRAY';
  const data = isGray ? pick(pixels.data, { samples: 3, from: 0, count: 1 }) : pixels.data;
  const png = await sharp(data, { raw: { width, height, channels: isGray ? 1 : 3 }, limitInputPixels: false })
    .toColorspace(isGray ? 'b-w' : 'srgb')
    .png({ compressionLevel: 1 })
    .toBuffer();
  // sharp applies only profiles that stand in a file.
  const tagged = Buffer.concat([png.subarray(0, afterHeader), profileChunk(profile), png.subarray(afterHeader)]);
  const managed = await sharp(tagged, { limitInputPixels: false })
    .toColorspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(() => null);
  if (managed?.info.channels !== 3) return pixels;
  return { width, height, data: managed.data };
}

function profileChunk(profile: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from('iCCPicc\0\0', 'latin1'), deflateSync(profile)]);
  const chunk = Buffer.alloc(content.length + 8);
  chunk.writeUInt32BE(content.length - 4, 0);
  content.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(content), content.length + 4);
  return chunk;
}
