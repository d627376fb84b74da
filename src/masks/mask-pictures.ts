import { FigseekError } from '../domain/errors.js';
import { encodeMaskPng } from '../images/encode.js';
import { overlayPng } from '../images/overlay-png.js';
import type { MaskRepository } from '../store/repositories/mask.repository.js';
import type { Bitmap } from './components.js';
import type { Masks } from './masks.js';
import { decodeRunLength } from './run-length.js';

const colour = /^#?[0-9a-f]{6}$/i;
const defaultColour = 'ffd400';

/** A colour as it stands in addresses. @throws {FigseekError} BAD_USER_INPUT */
export function checkedColour(text: string | null | undefined): string {
  if (text == null) return defaultColour;
  if (colour.test(text)) return text.replace('#', '').toLowerCase();
  throw new FigseekError('BAD_USER_INPUT', `Expected a colour as e6194b but received ${text.slice(0, 20)}`);
}

/** Drawn masks as PNG, at their panel's size. */
export class MaskPictures {
  constructor(
    private readonly masks: Masks,
    private readonly store: MaskRepository,
  ) {}

  /** White inside, one channel. @throws {FigseekError} NOT_FOUND where there is no drawn mask */
  async png(id: string): Promise<Buffer> {
    return encodeMaskPng(await this.bitmap(id));
  }

  /** To lay over the panel: coloured inside, clear outside. @throws {FigseekError} NOT_FOUND, BAD_USER_INPUT */
  async overlay(id: string, colour: string | undefined): Promise<Buffer> {
    const [red, green, blue] = Buffer.from(checkedColour(colour), 'hex');
    return overlayPng(await this.bitmap(id), [red ?? 0, green ?? 0, blue ?? 0]);
  }

  private async bitmap(id: string): Promise<Bitmap> {
    const mask = await this.masks.find(id);
    const shape = mask && (await this.store.shapes([mask.hash])).get(mask.hash);
    if (shape) return decodeRunLength(shape.rle);
    throw new FigseekError('NOT_FOUND', `There is no drawn mask ${id.slice(0, 80)}`);
  }
}
