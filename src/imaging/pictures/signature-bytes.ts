import type { PictureFeature, PictureFeatures } from './picture-signature.js';
import { codeLength } from './patch-code.js';

/** Raise it with every change of how features are found or kept: signatures of another version are made again. */
export const signatureVersion = 1;

const headerBytes = 5;
const frameBytes = 16;
const featureBytes = frameBytes + codeLength;

/** As it is stored, little-endian: version, width, height; then of each feature x, y, width, height and its code. */
export function signatureToBytes({ width, height, features }: PictureFeatures): Uint8Array {
  const bytes = new Uint8Array(headerBytes + features.length * featureBytes);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, signatureVersion);
  view.setUint16(1, width, true);
  view.setUint16(3, height, true);
  features.forEach(({ frame, code }, place) => {
    const at = headerBytes + place * featureBytes;
    [frame.x, frame.y, frame.width, frame.height].forEach((value, i) => {
      view.setFloat32(at + 4 * i, value, true);
    });
    bytes.set(new Uint8Array(code.buffer, code.byteOffset, codeLength), at + frameBytes);
  });
  return bytes;
}

/** @throws {RangeError} for bytes of another version */
export function signatureFromBytes(bytes: Uint8Array): PictureFeatures {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = bytes.length < headerBytes ? 0 : view.getUint8(0);
  if (version !== signatureVersion) {
    throw new RangeError(`Expected a signature of version ${signatureVersion} but received one of version ${version}`);
  }
  const features: PictureFeature[] = [];
  for (let at = headerBytes; at + featureBytes <= bytes.length; at += featureBytes) {
    const [x = 0, y = 0, width = 0, height = 0] = [0, 4, 8, 12].map((offset) => view.getFloat32(at + offset, true));
    const code = Int8Array.from(new Int8Array(bytes.buffer, bytes.byteOffset + at + frameBytes, codeLength));
    features.push({ frame: { x, y, width, height }, code });
  }
  return { width: view.getUint16(1, true), height: view.getUint16(3, true), features };
}
