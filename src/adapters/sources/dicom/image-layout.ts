import type { DataSet } from 'dicom-parser';
import { damaged, refused, tooLarge } from './dicom-faults.js';
import { shortOf, textOf } from './element-values.js';

/** More pixels than this are refused by the header: the largest radiographs have some 30 million. */
const maxPixels = 100_000_000;

const grays = ['MONOCHROME1', 'MONOCHROME2', 'PALETTE COLOR'];
const colors = ['RGB', 'YBR_FULL', 'YBR_FULL_422', 'YBR_ICT', 'YBR_RCT'];
/** The words of SOP classes without pixels, by modality, for messages. */
const withoutImages = ['SR', 'KO', 'PR', 'RTPLAN', 'RTSTRUCT', 'RTRECORD', 'ECG', 'ANN', 'DOC', 'REG', 'AU', 'HD'];

/** Where the numbers of the pixels stand: whole numbers, or floating point of 32 or 64 bits. */
type PixelTag = 'x7fe00010' | 'x7fe00008' | 'x7fe00009';

/** The image pixel module (PS3.3 C.7.6.3), checked. */
export interface ImageLayout {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samples: 1 | 3;
  readonly photometric: string;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly isSigned: boolean;
  /** Colors one plane after the other. */
  readonly isPlanar: boolean;
  readonly pixelTag: PixelTag;
}

/**
 * What the header says of the pixels.
 * @throws {FigseekError} UNSUPPORTED_MEDIA where there is no image or one of another kind, PAYLOAD_TOO_LARGE, BAD_USER_INPUT
 */
export function readLayout(data: DataSet): ImageLayout {
  const pixelTag = findPixels(data);
  const [rows, columns] = [shortOf(data, 'x00280010') ?? 0, shortOf(data, 'x00280011') ?? 0];
  if (rows < 1 || columns < 1) throw damaged(`expected rows and columns but found ${rows} and ${columns}`);
  if (rows * columns > maxPixels) throw tooLarge(`${rows} × ${columns} pixels; expected at most ${maxPixels}`);
  const frames = Number.parseInt(textOf(data, 'x00280008') ?? '1', 10) || 1;
  if (frames < 1) throw damaged(`expected a number of frames but found ${frames}`);
  const bitsAllocated =
    pixelTag === 'x7fe00010' ? (shortOf(data, 'x00280100') ?? 0) : pixelTag === 'x7fe00008' ? 32 : 64;
  if (pixelTag === 'x7fe00010' && ![1, 8, 16, 32].includes(bitsAllocated)) {
    throw refused(`expected 1, 8, 16 or 32 bits a sample but found ${bitsAllocated}`);
  }
  const bitsStored = shortOf(data, 'x00280101') ?? bitsAllocated;
  if (bitsStored < 1 || bitsStored > bitsAllocated) throw damaged(`${bitsStored} bits are stored in ${bitsAllocated}`);
  const highBit = shortOf(data, 'x00280102') ?? bitsStored - 1;
  return {
    ...{ rows, columns, frames, bitsAllocated, bitsStored, pixelTag, ...readColors(data) },
    highBit: highBit >= bitsStored - 1 && highBit < bitsAllocated ? highBit : bitsStored - 1,
    isSigned: shortOf(data, 'x00280103') === 1,
    isPlanar: shortOf(data, 'x00280006') === 1,
  };
}

function readColors(data: DataSet): Pick<ImageLayout, 'samples' | 'photometric'> {
  const samples = shortOf(data, 'x00280002') ?? 1;
  const photometric = textOf(data, 'x00280004') ?? 'none';
  if (samples === 1 && grays.includes(photometric)) return { samples, photometric };
  if (samples === 3 && colors.includes(photometric)) return { samples, photometric };
  const found = /^[A-Z0-9_ ]{1,16}$/.test(photometric) ? photometric : 'others';
  throw refused(`figseek does not know the colors ${found} with ${samples} samples a pixel`);
}

function findPixels(data: DataSet): PixelTag {
  const tags: readonly PixelTag[] = ['x7fe00010', 'x7fe00008', 'x7fe00009'];
  const found = tags.find((tag) => (data.elements[tag]?.length ?? 0) !== 0);
  if (found !== undefined) return found;
  const modality = textOf(data, 'x00080060') ?? '';
  throw refused(`it holds no image${withoutImages.includes(modality) ? ` (modality ${modality})` : ''}`);
}
