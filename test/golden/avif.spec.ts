import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { decodeImage } from '../../src/imaging/decode.js';
import { SeededRandom } from '../../src/domain/seeded-random.js';
import { damage, damagedCount } from '../faults/damage.js';

const [width, height] = [48, 32];
/** Colors that rise to the right and downwards, 0 to 255. */
const drawn = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
  const [pixel, band] = [Math.floor(i / 3), i % 3];
  const [x, y] = [pixel % width, Math.floor(pixel / width)];
  return [(x * 255) / (width - 1), (y * 255) / (height - 1), 90][band] ?? 0;
});

const folder = fileURLToPath(new URL('../../../test/golden/avif', import.meta.url));
const avif = (name: string): Buffer => readFileSync(path.join(folder, `${name}.avif`));

describe('an AVIF', () => {
  it.each([8, 10, 12] as const)('of %i bits gives the colors that were drawn', async (bits) => {
    const decoded = await decodeImage(avif(`${bits}-bits`));
    expect(decoded).toMatchObject({ format: 'avif', width, height, pages: 1, isTransposed: false });
    const difference = drawn.map((value, i) => Math.abs(value - (decoded.image.data[i] ?? 0)));
    expect(difference.reduce((sum, value) => sum + value, 0) / drawn.length).toBeLessThan(2);
    expect(decoded.range?.by ?? null).toBe(bits === 8 ? null : 'type');
  });

  it('is laid on white where it is transparent', async () => {
    expect((await decodeImage(avif('clear'))).image.data.every((value) => value === 255)).toBe(true);
  });

  it('that is damaged is refused by a typed error, or read', async () => {
    const whole = avif('8-bits');
    const random = new SeededRandom('damaged avif');
    for (let i = damagedCount(300); i > 0; i--) {
      const copy = damage(whole, random);
      const outcome = await decodeImage(copy).then(
        ({ format }) => format,
        (error: unknown) => error,
      );
      if (outcome === 'avif') continue;
      expect(outcome).toMatchObject({
        code: expect.stringMatching(/^(?:BAD_USER_INPUT|UNSUPPORTED_MEDIA|PAYLOAD_TOO_LARGE)$/),
      });
    }
    await expect(decodeImage(whole.subarray(0, whole.length - 40))).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('is told from a HEIC, which is not read', async () => {
    const heic = Buffer.from(avif('8-bits'));
    heic.write('heic', 8, 'latin1');
    heic.fill(0, heic.indexOf('av01'), heic.indexOf('av01') + 4);
    await expect(decodeImage(heic)).rejects.toMatchObject({ code: 'UNSUPPORTED_MEDIA' });
  });
});
