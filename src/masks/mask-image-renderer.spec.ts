import { beforeEach, describe, expect, it } from '@jest/globals';
import { drawnFigure } from '../../test/support/drawn-figures.js';
import { drawnMask, maskRecord } from '../../test/support/drawn-masks.js';
import { MemoryMaskStore } from '../../test/support/memory-mask-store.js';
import { decodeImage } from '../imaging/decode.js';
import { maskPixels, type MaskPixels, type MaskStyle } from '../imaging/masks/mask-pixels.js';
import type { RunLength } from '../imaging/masks/run-length.js';
import type { Mask } from '../domain/mask.js';
import { MaskImageRenderer } from './mask-image-renderer.js';
import { placeMask, placeUnmadeMask } from './place-mask.js';
import type { MaskRasterizer } from './render-thread.js';
import { localOperator } from '../domain/viewer.js';

/** Rasterizes in this process, and only when a test has opened it. */
class HeldRasterizer implements MaskRasterizer {
  count = 0;
  isClosed = false;
  open: () => void = () => undefined;
  private readonly opened = new Promise<void>((resolve) => (this.open = resolve));

  async rasterize(rle: RunLength, style: MaskStyle): Promise<MaskPixels> {
    this.count += 1;
    await this.opened;
    return maskPixels(rle, style);
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

const gray: MaskStyle = { size: null, color: null };

describe('images of masks', () => {
  let store: MemoryMaskStore;
  let masks: Map<string, Mask>;
  let rasterizer: HeldRasterizer;
  let renderer: MaskImageRenderer;

  beforeEach(() => {
    store = new MemoryMaskStore();
    masks = new Map();
    rasterizer = new HeldRasterizer();
    const find = (_viewer: unknown, id: string) => Promise.resolve(masks.get(id) ?? null);
    renderer = new MaskImageRenderer({ find }, store, rasterizer);
  });

  function panel() {
    const [first] = drawnFigure(1).panels;
    if (first === undefined) throw new Error('Expected a figure with a panel');
    return first;
  }

  /** @returns the id of a mask that is READY */
  async function addMask(prompt: string): Promise<string> {
    const mask = placeMask(panel(), await store.saveDrawn(maskRecord(prompt), drawnMask));
    masks.set(mask.id, mask);
    return mask.id;
  }

  it('show the mask white on black', async () => {
    rasterizer.open();
    const image = await renderer.find(localOperator, await addMask('lung'), gray);
    const { image: decoded } = await decodeImage(await image.png());
    expect([decoded.width, decoded.height]).toEqual([4, 4]);
    const white = [...decoded.data].filter((_, at) => at % 3 === 0).map((value) => value / 255);
    expect(white).toEqual([0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
  });

  it('have a tag that names the mask, the color and the size', async () => {
    const id = await addMask('lung');
    const { hash } = maskRecord('lung');
    const tagOf = async (style: MaskStyle) => (await renderer.find(localOperator, id, style)).tag;
    expect(await tagOf(gray)).toBe(`${hash}-gray-full`);
    expect(await tagOf({ size: 64, color: 'e6194b' })).toBe(`${hash}-e6194b-64`);
    expect(rasterizer.count).toBe(0);
  });

  it('are made once for all who read them meanwhile, and then kept', async () => {
    const image = await renderer.find(localOperator, await addMask('lung'), gray);
    const reads = [image.png(), image.png()];
    rasterizer.open();
    const [one, other] = await Promise.all(reads);
    expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true);
    expect(await image.png()).toBe(one);
    expect(rasterizer.count).toBe(1);
  });

  it('are not found for a mask that does not exist, is being made or failed', async () => {
    const { hash, model, key } = maskRecord('heart');
    const mask = placeUnmadeMask(panel(), { hash, model, prompt: key.prompt, imageType: null }, null);
    const failed = placeMask(panel(), await store.saveFailed(maskRecord('liver'), 'no memory'));
    for (const one of [mask, failed]) masks.set(one.id, one);
    for (const id of ['msk_0', mask.id, failed.id]) {
      await expect(renderer.find(localOperator, id, gray)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: `There is no drawn mask ${id}`,
      });
    }
  });

  it('are refused while 100 of them wait, and made afterwards', async () => {
    const id = await addMask('lung');
    const sizes = Array.from({ length: 100 }, (_, i) => i + 1);
    const images = await Promise.all(sizes.map((size) => renderer.find(localOperator, id, { ...gray, size })));
    const waiting = Promise.all(images.map((image) => image.png()));
    const refused = await renderer.find(localOperator, id, gray);
    await expect(refused.png()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    rasterizer.open();
    await waiting;
    expect(await refused.png()).toBeInstanceOf(Buffer);
    expect(rasterizer.count).toBe(101);
  });

  it('end with their rasterizer', async () => {
    await renderer.close();
    expect(rasterizer.isClosed).toBe(true);
  });
});
