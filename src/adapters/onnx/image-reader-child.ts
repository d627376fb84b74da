/**
 * Decodes image files and resizes them for a model, in a process of its own: beside the model, on another core, and where
 * a file that ends libvips ends nothing else. What is decoded never leaves it: an image of 100 megapixels has 300 MB.
 */
import { readFile } from 'node:fs/promises';
import { readStoredImage } from '../../imaging/stored-image.js';
import { FigseekError, messageOf } from '../../domain/errors.js';
import { crop, cropToBox, decodeImage, oneThread } from '../../imaging/decode.js';
import { renderThumbnail } from '../../imaging/encode.js';
import { cutWindows } from '../../imaging/windows.js';
import { padAndResize } from '../../imaging/preprocess/biomedparse-preprocess.js';
import { prepareImage } from '../../imaging/preprocess/preprocess.js';
import { replyToParent } from './reply-to-parent.js';
import type { ReadAnswer, ReadResults, ReadWork } from './image-reader-messages.js';
import type { RawImage } from '../../domain/raw-image.js';
import type { ImageFile, ImagePart } from '../../ports/image-reader.js';

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
  const { image, width, height, isTransposed, format, pages } = await decodeImage(bytes, { maxPixels });
  if (work.kind === 'check') return { width, height, format, pages };
  if (work.kind === 'segmenter') return padAndResize(cropToBox(image, work.box), work.size);
  const { preparation } = work;
  if (work.kind === 'windows') {
    const windows = await cutWindows(cropToBox(image, work.box), work.windows, preparation.size);
    return windows.map((window) => prepareImage(window, preparation));
  }
  const parts = work.parts.map((part) => prepareImage(partOf(image, part), preparation));
  return { width, height, isTransposed, pages, parts };
}

function partOf(image: RawImage, { box, region }: ImagePart): RawImage {
  const boxed = box === undefined ? image : cropToBox(image, box);
  return region == null ? boxed : crop(boxed, region);
}

function bytesOf(given: ImageFile): Promise<Uint8Array> | Uint8Array {
  if (given instanceof Uint8Array) return given;
  return 'hash' in given ? readStoredImage(given) : readFile(given.file);
}
