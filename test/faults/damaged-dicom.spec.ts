import { describe, expect, it } from '@jest/globals';
import { describeDicom, renderDicom } from '../../src/adapters/sources/dicom/read-dicom.js';
import { FigseekError } from '../../src/domain/errors.js';
import { SeededRandom } from '../../src/domain/seeded-random.js';
import { drawImage, packRle, words } from '../support/dicom-file.js';
import { damage } from './damage.js';

const table = { items: [{ '0028,3002': [3, 0, 8], '0028,3006': words(0, 100, 255) }] };
const files = [
  drawImage({ '7fe0,0010': Buffer.from([0, 1, 2, 3]), '0028,1050': '2', '0028,1051': '3', '0028,3000': table }),
  drawImage({
    '7fe0,0010': words(0, 1, 2, -3),
    '0028,0100': [16],
    '0028,0101': [12],
    '0028,0102': [11],
    '0028,0103': [1],
  }),
  drawImage(
    { '0028,0008': '2' },
    { syntax: '1.2.840.10008.1.2.5', fragments: [packRle([0, 1, 2, 3]), packRle([4, 5, 6, 7])] },
  ),
  drawImage({ '0028,0002': [3], '0028,0004': 'YBR_FULL_422', '7fe0,0010': Buffer.from([1, 2, 3, 4, 5, 6, 7, 8]) }),
  drawImage(
    { '5200,9230': { items: [{ '0028,9132': table }] }, '7fe0,0010': Buffer.from([0, 1, 2, 3]) },
    { hasPreamble: false },
  ),
];

/** Bytes of the preamble, which means nothing and is spared. */
function preambleOf(bytes: Buffer): number {
  return bytes.length > 400 && bytes[0] === 0 ? 128 : 0;
}

async function outcomeOf(bytes: Buffer): Promise<'rendered' | 'refused'> {
  try {
    const content = describeDicom(bytes);
    if (content.kind === 'image') for (const { frame } of content.shown) await renderDicom(bytes, frame);
    return 'rendered';
  } catch (error) {
    if (!(error instanceof FigseekError)) throw error;
    expect(['BAD_USER_INPUT', 'UNSUPPORTED_MEDIA', 'PAYLOAD_TOO_LARGE']).toContain(error.code);
    expect(error.message).not.toContain('Nobody');
    expect(error.message).not.toContain('4711');
    return 'refused';
  }
}

describe('damaged DICOM files', () => {
  it('are rendered, or refused with a code: 10,000 of them', async () => {
    const random = new SeededRandom('damaged DICOM files');
    const outcomes = { rendered: 0, refused: 0 };
    for (let count = 0; count < 10_000; count++) {
      const file = files[count % files.length];
      if (file !== undefined) outcomes[await outcomeOf(damage(file, random, preambleOf(file)))]++;
    }
    expect(outcomes.rendered).toBeGreaterThan(500);
    expect(outcomes.refused).toBeGreaterThan(4000);
  });
});
