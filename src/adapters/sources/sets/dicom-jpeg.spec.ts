import { describe, expect, it } from '@jest/globals';
import { writeDicom } from '../../../../test/support/dicom-writer.js';
import { decodeImage } from '../../../imaging/decode.js';
import { encodeJpeg } from '../../../imaging/encode.js';
import { jpegOfDicom } from './dicom-jpeg.js';

async function drawnJpeg(): Promise<Uint8Array> {
  const data = Uint8Array.from({ length: 3 * 40 * 30 }, (_, i) => (i * 7) % 256);
  return encodeJpeg({ width: 40, height: 30, data });
}

describe('the JPEG in a DICOM file', () => {
  it('comes out as it went in, from two fragments', async () => {
    const jpeg = await drawnJpeg();
    const found = jpegOfDicom(writeDicom({ jpeg }));
    expect(Buffer.from(found.subarray(0, jpeg.length)).equals(Buffer.from(jpeg))).toBe(true);
    expect(found.length - jpeg.length).toBe(jpeg.length % 2);
    expect(await decodeImage(found)).toMatchObject({ format: 'jpeg', width: 40, height: 30 });
  });

  it.each([
    [
      { syntax: '1.2.840.10008.1.2.4.90' },
      /JPEG Baseline .* but found 1\.2\.840\.10008\.1\.2\.4\.90, JPEG 2000 Lossless$/,
    ],
    [{ syntax: '1.2.840.10008.1.2.1' }, /found 1\.2\.840\.10008\.1\.2\.1, Explicit VR Little Endian$/],
    [{ syntax: '1.2.3.4' }, /found 1\.2\.3\.4, unknown to figseek$/],
    [{ colors: 'MONOCHROME1' }, /MONOCHROME2 but found MONOCHROME1$/],
    [{ bits: 16 }, /one frame of 8 bits but found 1 of 16$/],
    [{ frames: 3 }, /but found 3 of 8$/],
  ])('is refused for %j', async (given, message) => {
    const bytes = writeDicom({ jpeg: await drawnJpeg(), ...given });
    expect(() => jpegOfDicom(bytes)).toThrow(message);
  });

  it('is refused for a file that is cut off anywhere, and for another file', async () => {
    const bytes = writeDicom({ jpeg: await drawnJpeg() });
    for (const length of [0, 100, 140, 180, 220, bytes.length - 400, bytes.length - 1]) {
      expect(() => jpegOfDicom(bytes.subarray(0, length))).toThrow(
        /^The DICOM file (?:is damaged or truncated|cannot be read)/,
      );
    }
    expect(() => jpegOfDicom(Buffer.from('no DICOM file'.repeat(40)))).toThrow(/damaged or truncated: .*DICM/);
  });
});
