import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { drawDicom, drawImage, packRle, words, type DicomElements } from '../../../../test/support/dicom-file.js';
import { describeDicom, renderDicom, type DescribedFrame } from './read-dicom.js';

const pixels = (...values: readonly number[]): DicomElements => ({ '7fe0,0010': Buffer.from(values) });
const sixteenBits = { '0028,0100': [16], '0028,0101': [16], '0028,0102': [15] };
const colors = { '0028,0002': [3], '0028,0004': 'RGB', '0028,0011': [1] };

async function levels(file: Buffer, frame = 0): Promise<readonly number[]> {
  return [...(await renderDicom(file, frame)).data];
}

function firstFrame(elements: DicomElements): DescribedFrame {
  const content = describeDicom(drawImage({ ...pixels(0, 1, 2, 3), ...elements }));
  if (content.kind !== 'image' || content.shown[0] === undefined) throw new Error('There is no image');
  return content.shown[0];
}

describe('a DICOM image', () => {
  it('is shown from its lowest to its highest value where it has no window', async () => {
    expect(await levels(drawImage(pixels(10, 20, 30, 60)))).toEqual([0, 51, 102, 255]);
  });

  it('is inverted for MONOCHROME1 and for a presentation LUT shape', async () => {
    expect(await levels(drawImage({ ...pixels(0, 51, 102, 255), '0028,0004': 'MONOCHROME1' }))).toEqual([
      255, 204, 153, 0,
    ]);
    expect(await levels(drawImage({ ...pixels(0, 51, 102, 255), '2050,0020': 'INVERSE' }))).toEqual([255, 204, 153, 0]);
  });

  it('is rescaled with its sign, and shown by the first window', async () => {
    const signed = { ...sixteenBits, '0028,0103': [1], '7fe0,0010': words(-1000, 0, 100, 2000) };
    const window = { '0028,1052': '-10', '0028,1053': '2', '0028,1050': '40\\500', '0028,1051': '401\\9' };
    // (2x - 10 - 39.5) / 400 + 0.5 of 255.
    expect(await levels(drawImage({ ...signed, ...window }))).toEqual([0, 96, 223, 255]);
  });

  it('follows LINEAR_EXACT, SIGMOID and windows of one level', async () => {
    const shown = (kind: string, width: string): Promise<readonly number[]> =>
      levels(drawImage({ ...pixels(0, 100, 120, 200), '0028,1050': '100', '0028,1051': width, '0028,1056': kind }));
    expect(await shown('LINEAR_EXACT', '100')).toEqual([0, 128, 179, 255]);
    expect(await shown('SIGMOID', '100')).toEqual([5, 128, 176, 250]);
    expect(await shown('LINEAR', '1')).toEqual([0, 255, 255, 255]);
  });

  it('goes through a modality LUT and a VOI LUT', async () => {
    const table = (entries: readonly number[], first: number, bits: number): DicomElements[string] => ({
      items: [{ '0028,3002': [entries.length, first, bits], '0028,3006': words(...entries) }],
    });
    const modality = { '0028,3000': table([5, 6, 7], 1, 16) };
    expect(await levels(drawImage({ ...pixels(0, 1, 2, 9), ...modality }))).toEqual([0, 0, 128, 255]);
    const voi = { '0028,3010': table([0, 1023, 512], 5, 10) };
    expect(await levels(drawImage({ ...pixels(0, 1, 2, 9), ...modality, ...voi }))).toEqual([0, 0, 255, 128]);
  });

  it('leaves padding out of its range', async () => {
    expect(await levels(drawImage({ ...pixels(0, 100, 200, 0), '0028,0120': [0] }))).toEqual([0, 0, 255, 0]);
  });

  it('drops bits that are not stored', async () => {
    const twelve = { ...sixteenBits, '0028,0101': [12], '0028,0102': [11] };
    expect(await levels(drawImage({ ...twelve, '7fe0,0010': words(0xf000, 0x0001, 0xf002, 0x0005) }))).toEqual([
      0, 51, 102, 255,
    ]);
  });

  it('has colors side by side or in planes, of 8 or 16 bits', async () => {
    expect(await levels(drawImage({ ...colors, ...pixels(1, 2, 3, 4, 5, 6) }))).toEqual([1, 2, 3, 4, 5, 6]);
    const planar = { ...colors, '0028,0006': [1] };
    expect(await levels(drawImage({ ...planar, ...pixels(1, 4, 2, 5, 3, 6) }))).toEqual([1, 2, 3, 4, 5, 6]);
    const wide = { ...colors, ...sixteenBits, '7fe0,0010': words(256, 511, 512, 65535, 255, 0) };
    expect(await levels(drawImage(wide))).toEqual([1, 1, 2, 255, 0, 0]);
  });

  it('has YBR_FULL, also with colors that two pixels share', async () => {
    const red = [76, 85, 255];
    const full = { ...colors, '0028,0004': 'YBR_FULL', ...pixels(...red, ...red) };
    expect(await levels(drawImage(full))).toEqual([254, 0, 0, 254, 0, 0]);
    const shared = { ...colors, '0028,0010': [1], '0028,0011': [2], '0028,0004': 'YBR_FULL_422' };
    expect(await levels(drawImage({ ...shared, ...pixels(76, 100, 85, 255) }))).toEqual([254, 0, 0, 255, 24, 24]);
  });

  it('is colored by its palette', async () => {
    const part = (entries: readonly number[], number: number): DicomElements => ({
      [`0028,110${number}`]: [entries.length, 1, 16],
      [`0028,120${number}`]: words(...entries),
    });
    const palette = { ...part([0x1000, 0x2000], 1), ...part([0x3000, 0x4000], 2), ...part([0x5000, 0xff00], 3) };
    const file = drawImage({ ...pixels(0, 1, 2, 9), '0028,0004': 'PALETTE COLOR', ...palette });
    expect(await levels(file)).toEqual([16, 48, 80, 16, 48, 80, 32, 64, 255, 32, 64, 255]);
  });

  it('of 1 bit is black and white, also where a frame begins within a byte', async () => {
    const bits = { '0028,0100': [1], '0028,0101': [1], '0028,0102': [0], '0028,0008': '2', ...pixels(0b0110_1001, 0) };
    expect(await levels(drawImage(bits))).toEqual([255, 0, 0, 255]);
    expect(await levels(drawImage(bits), 1)).toEqual([0, 255, 255, 0]);
  });

  it('is read from run lengths, frame by frame', async () => {
    const rle = '1.2.840.10008.1.2.5';
    const fragments = [packRle([0, 51, 102, 255]), packRle([255, 51, 0, 102])];
    const file = drawImage({ '0028,0008': '2' }, { syntax: rle, fragments });
    expect(await levels(file, 0)).toEqual([0, 51, 102, 255]);
    expect(await levels(file, 1)).toEqual([255, 51, 0, 102]);
    const wide = drawImage(sixteenBits, { syntax: rle, fragments: [packRle([0, 0, 0, 1], [0, 51, 102, 0])] });
    expect(await levels(wide)).toEqual([0, 51, 102, 255]);
  });

  it('is read from a deflated data set, without preamble, and without file meta information', async () => {
    const whole = drawImage({ ...pixels(0, 51, 102, 255) });
    const start = drawDicom({}, { syntax: '1.2.840.10008.1.2.1.99' });
    const content = whole.subarray(drawDicom({}).length);
    expect(await levels(Buffer.concat([start, deflateRawSync(content)]))).toEqual([0, 51, 102, 255]);
    expect(await levels(drawImage(pixels(0, 51, 102, 255), { hasPreamble: false }))).toEqual([0, 51, 102, 255]);
    expect(await levels(content)).toEqual([0, 51, 102, 255]);
  });
});

describe('the description of a DICOM image', () => {
  it('is made of known terms alone', () => {
    const told = {
      '0018,0015': 'CHEST',
      '0020,0037': '1\\0\\0\\0\\1\\0',
      '0008,1030': 'Chest of Nobody',
      '0018,5101': 'AP',
    };
    expect(firstFrame({ ...told, '0020,0060': 'L' })).toMatchObject({
      modality: 'ct',
      caption: 'Computed tomography (CT), chest, left, anterior-posterior view, transverse',
      labels: ['chest', 'left', 'anterior-posterior view', 'transverse'],
    });
    const free = firstFrame({ '0018,0015': 'NOBODY^KNOWN', '0008,0060': 'NOBODY', '0018,5101': 'Nobody' });
    expect(free).toMatchObject({ modality: null, caption: 'DICOM image', labels: [] });
  });

  it('tells of texts that are drawn into the pixels', () => {
    expect(firstFrame({ '0028,0301': 'YES' }).labels).toEqual(['burned-in annotation']);
    expect(firstFrame({ '0028,0301': 'NO' }).labels).toEqual([]);
  });

  it('tells the window by which a frame is shown', () => {
    const window = { '0028,1050': '40', '0028,1051': '400' };
    expect(firstFrame(window).valueRange).toEqual({ low: -160, high: 239 });
    expect(firstFrame({ ...window, '0028,1056': 'LINEAR_EXACT' }).valueRange).toEqual({ low: -160, high: 240 });
    expect(firstFrame({ ...window, '0028,1056': 'SIGMOID' }).valueRange).toBeNull();
    expect(firstFrame({}).valueRange).toBeNull();
  });

  it('takes Pixel Spacing, and not that at the detector', () => {
    expect(firstFrame({ '0028,0030': '0.5\\0.25', '0018,1164': '1\\1' }).pixelSpacing).toEqual([0.5, 0.25]);
    expect(firstFrame({ '0018,1164': '1\\1' }).pixelSpacing).toBeNull();
    expect(firstFrame({ '0028,0030': '0\\0' }).pixelSpacing).toBeNull();
    const shared = { '5200,9229': { items: [{ '0028,9110': { items: [{ '0028,0030': '2\\3' }] } }] } };
    expect(firstFrame(shared).pixelSpacing).toEqual([2, 3]);
  });

  it('has a key that is a hash of the instance, and no more than 16 frames, evenly chosen', () => {
    const many = drawImage({ '0028,0008': '100', '7fe0,0010': Buffer.alloc(400) });
    const content = describeDicom(many);
    if (content.kind !== 'image') throw new Error('There is no image');
    expect(content.key).toMatch(/^dicom-[0-9a-f]{32}$/);
    expect(content.shown.map(({ frame }) => frame)).toEqual([
      0, 6, 12, 18, 25, 31, 37, 43, 50, 56, 62, 68, 75, 81, 87, 93,
    ]);
    const other = describeDicom(drawImage({ '0008,0018': '1.2.3.4.6', ...pixels(0, 1, 2, 3) }));
    expect(other.kind === 'image' && other.key !== content.key).toBe(true);
  });
});

describe('a DICOM file that cannot be taken', () => {
  it.each([
    [
      'another transfer syntax',
      drawImage(pixels(0, 1, 2, 3), { syntax: '1.2.840.10008.1.2.4.102' }),
      /4\.102, MPEG-4 AVC/,
    ],
    ['no pixels', drawDicom({ '0008,0060': 'SR' }), /holds no image \(modality SR\)/],
    ['too many pixels', drawImage({ '0028,0010': [65535], '0028,0011': [65535], ...pixels(0) }), /65535 × 65535/],
    ['unknown colors', drawImage({ '0028,0004': 'CMYK', ...pixels(0) }), /colors CMYK with 1 samples/],
    ['no rows', drawImage({ '0028,0010': [0], ...pixels(0) }), /rows and columns but found 0/],
    ['another file', Buffer.from('no DICOM file'.repeat(40)), /expected “DICM”/],
  ])('is refused for %s', (_, bytes, message) => {
    expect(() => describeDicom(bytes)).toThrow(message);
  });

  it('says how many bytes of pixels are absent', async () => {
    await expect(levels(drawImage(pixels(0, 1)))).rejects.toThrow('frame 1 needs 4 bytes of pixels, and there are 2');
  });
});
