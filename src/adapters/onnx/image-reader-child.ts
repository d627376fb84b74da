/**
 * Decodes image files and resizes them for a model, in a process of its own: beside the model, on another core, and where
 * a file that ends libvips ends nothing else. What is decoded never leaves it: an image of 100 megapixels has 300 MB.
 */
import { readFile } from 'node:fs/promises';
import { readStoredImage } from '../../imaging/stored-image.js';
import { FigseekError, messageOf } from '../../domain/errors.js';
import { crop, cropToBox, decodeImage, oneThread } from '../../imaging/decode.js';
import { renderThumbnail } from '../../imaging/encode.js';
import { findPanels } from '../../imaging/panels/find-panels.js';
import { cutWindows } from '../../imaging/windows.js';
import { judge } from '../../imaging/pictures/likeness.js';
import { comparePictures, toCompared, type ComparedPicture } from '../../imaging/pictures/picture-comparison.js';
import { pictureFeatures } from '../../imaging/pictures/picture-signature.js';
import { signatureToBytes } from '../../imaging/pictures/signature-bytes.js';
import { padAndResize } from '../../imaging/preprocess/biomedparse-preprocess.js';
import { prepareImage } from '../../imaging/preprocess/preprocess.js';
import { replyToParent } from './reply-to-parent.js';
import type { ReadAnswer, ReadResults, ReadWork } from './image-reader-messages.js';
import type { PictureLikeness } from '../../domain/picture-likeness.js';
import type { RawImage } from '../../domain/raw-image.js';
import type { ComparedPart, ImageFile, ImagePart } from '../../ports/image-reader.js';

// The processes beside it have the other cores.
oneThread();
replyToParent(read, (error): ReadAnswer => {
  const code = error instanceof FigseekError ? error.code : 'INTERNAL_SERVER_ERROR';
  return { kind: 'refused', code, message: messageOf(error) };
});

async function read(work: ReadWork): Promise<ReadAnswer> {
  return { kind: 'read', result: await resultOf(work) };
}

async function resultOf(work: ReadWork): Promise<ReadResults[keyof ReadResults]> {
  const { image: given, maxPixels } = work;
  const bytes = await bytesOf(given);
  if (work.kind === 'thumbnail') return renderThumbnail(bytes, work.size, { maxPixels });
  const { image, width, height, isTransposed, format, pages, range } = await decodeImage(bytes, { maxPixels });
  if (work.kind === 'check') return { width, height, format, pages };
  if (work.kind === 'segmenter') return padAndResize(cropToBox(image, work.box), work.size);
  if (work.kind === 'sign') return signatures(work.boxes.map((box) => cropToBox(image, box)));
  if (work.kind === 'compare') return compareWithOthers(cropToBox(image, work.box), work);
  const { preparation } = work;
  if (work.kind === 'windows') {
    const windows = await cutWindows(cropToBox(image, work.box), work.windows, preparation.size);
    return windows.map((window) => prepareImage(window, preparation));
  }
  const split = work.kind === 'signed' && work.caption !== null ? findPanels(image, work.caption) : null;
  const cut = [...work.parts, ...(split?.panels ?? [])].map((part) => partOf(image, part));
  const parts = cut.map((part) => prepareImage(part, preparation));
  const read = { width, height, isTransposed, pages, range, parts };
  return work.kind === 'parts' ? read : { ...read, signatures: await signatures(cut), split };
}

async function signatures(pictures: readonly RawImage[]): Promise<readonly Uint8Array[]> {
  const made: Uint8Array[] = [];
  for (const picture of pictures) made.push(signatureToBytes(await pictureFeatures(picture)));
  return made;
}

/**
 * Each other image is decoded when its turn comes: two are in memory at a time. Null for one that is missing, or fails
 * otherwise: that says nothing of the picture, nor of the rest.
 */
async function compareWithOthers(
  picture: RawImage,
  { others, maxPixels }: Pick<ReadWork & { kind: 'compare' }, 'others' | 'maxPixels'>,
): Promise<readonly (PictureLikeness | null)[]> {
  const compared = await toCompared(picture);
  const found: (PictureLikeness | null)[] = [];
  for (const other of others) found.push(await likenessOf(compared, other, maxPixels).catch(() => null));
  return found;
}

async function likenessOf(
  picture: ComparedPicture,
  { image, box, guesses }: ComparedPart,
  maxPixels: number,
): Promise<PictureLikeness | null> {
  const other = cropToBox((await decodeImage(await bytesOf(image), { maxPixels })).image, box);
  const comparison = await comparePictures(picture, await toCompared(other), guesses);
  return comparison === null ? null : judge(comparison, [picture.image, other]);
}

function partOf(image: RawImage, { box, region }: ImagePart): RawImage {
  const boxed = box === undefined ? image : cropToBox(image, box);
  return region == null ? boxed : crop(boxed, region);
}

function bytesOf(given: ImageFile): Promise<Uint8Array> | Uint8Array {
  if (given instanceof Uint8Array) return given;
  return 'hash' in given ? readStoredImage(given) : readFile(given.file);
}
