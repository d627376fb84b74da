import sharp, { type Sharp } from 'sharp';
import type { PictureChange } from '../../domain/picture-likeness.js';
import type { RawImage } from '../../domain/raw-image.js';

/** A change as people make them, and what the comparison ought to call it. */
export interface PictureEdit {
  readonly name: string;
  /** Null where the copy counts as unchanged. */
  readonly change: PictureChange | null;
  /** @returns an image file */
  readonly apply: (image: RawImage) => Promise<Uint8Array>;
}

type Edit = (image: Sharp, size: Pick<RawImage, 'width' | 'height'>) => Sharp;

const usualQuality = 85;
/** Width of a border, as a share of the longest side. */
const borderShare = 0.08;

/** The edits that `figseek bench duplicates` measures; all but the plain JPEG ones are stored as JPEG of quality 85. */
export const pictureEdits: readonly PictureEdit[] = [
  { name: 'half size', change: 'RESCALED', apply: edited((image, { width }) => image.resize(half(width))) },
  { name: 'quarter size', change: 'RESCALED', apply: edited((image, { width }) => image.resize(half(half(width)))) },
  { name: 'double size', change: 'RESCALED', apply: edited((image, { width }) => image.resize(2 * width)) },
  { name: 'JPEG 40', change: null, apply: edited((image) => image, 40) },
  { name: 'JPEG 30', change: null, apply: edited((image) => image, 30) },
  {
    name: 'half size at JPEG 40',
    change: 'RESCALED',
    apply: edited((image, { width }) => image.resize(half(width)), 40),
  },
  { name: 'dark border', change: 'BORDERED', apply: edited(withBorder('#202020')) },
  { name: 'white border', change: 'BORDERED', apply: edited(withBorder('#ffffff')) },
  { name: 'grayscale', change: null, apply: edited((image) => image.grayscale()) },
  { name: 'brighter', change: 'BRIGHTNESS', apply: edited((image) => image.linear(1.1, 10)) },
  { name: 'darker', change: 'BRIGHTNESS', apply: edited((image) => image.linear(0.8, 0)) },
  { name: 'mirrored', change: 'MIRRORED', apply: edited((image) => image.flop()) },
  { name: 'upside down', change: 'MIRRORED', apply: edited((image) => image.flip()) },
  { name: 'rotated by 90°', change: 'ROTATED_90', apply: edited((image) => image.rotate(90)) },
  { name: 'rotated by 180°', change: 'ROTATED_180', apply: edited((image) => image.rotate(180)) },
  { name: 'rotated by 270°', change: 'ROTATED_270', apply: edited((image) => image.rotate(270)) },
  { name: 'crop of 95 %', change: null, apply: edited(cropped(0.95)) },
  { name: 'crop of 80 %', change: 'CROPPED', apply: edited(cropped(0.8)) },
  { name: 'crop of 60 %', change: 'CROPPED', apply: edited(cropped(0.6)) },
];

function edited(edit: Edit, quality = usualQuality): PictureEdit['apply'] {
  return ({ width, height, data }) => {
    const image = sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });
    return edit(image, { width, height }).jpeg({ quality }).toBuffer();
  };
}

function half(length: number): number {
  return Math.max(1, Math.round(length / 2));
}

function withBorder(background: string): Edit {
  return (image, { width, height }) => {
    const around = Math.max(1, Math.round(borderShare * Math.max(width, height)));
    return image.extend({ top: around, bottom: around, left: around, right: around, background });
  };
}

/** Each side of this share, away from the middle. */
function cropped(share: number): Edit {
  return (image, size) => {
    const [width, height] = [size.width, size.height].map((side) => Math.max(1, Math.round(side * share)));
    const left = Math.round((size.width - (width ?? 1)) * 0.3);
    const top = Math.round((size.height - (height ?? 1)) * 0.7);
    return image.extract({ left, top, width: width ?? 1, height: height ?? 1 });
  };
}
