import type { RawImage } from '../../src/domain/raw-image.js';
import { pictureFeatures } from '../../src/imaging/pictures/picture-signature.js';
import { signatureToBytes } from '../../src/imaging/pictures/signature-bytes.js';

/** Sums of waves: every seed gives another picture, full of detail. */
export function drawnPicture(seed: number, width = 240, height = 180): RawImage {
  const waves = Array.from({ length: 14 }, (_, i) => {
    const turn = Math.sin(seed * 12.9898 + i * 78.233) * 43758.5453;
    const random = turn - Math.floor(turn);
    const length = 6 + 60 * ((random * 7) % 1);
    return {
      x: Math.cos(6.28 * random) / length,
      y: Math.sin(6.28 * random) / length,
      phase: 6.28 * ((random * 13) % 1),
    };
  });
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = waves.reduce((sum, wave) => sum + Math.sin(6.28 * (wave.x * x + wave.y * y) + wave.phase), 0);
      data.fill(Math.max(0, Math.min(255, 128 + 22 * value)), 3 * (y * width + x), 3 * (y * width + x) + 3);
    }
  }
  return { width, height, data };
}

export async function drawnSignature(seed: number): Promise<Uint8Array> {
  return signatureToBytes(await pictureFeatures(drawnPicture(seed)));
}
