import { beforeEach, describe, expect, it } from '@jest/globals';
import { drawnFigure } from '../../test/support/drawn-figures.js';
import { FakeEncoder } from '../../test/support/fake-encoder.js';
import { settled } from '../../test/support/fake-mask-generator.js';
import { MemoryBlobStore } from '../../test/support/memory-blob-store.js';
import { MemoryFigureStore } from '../../test/support/memory-figure-store.js';
import type { Box } from '../domain/figure.js';
import type { ImageHash } from '../domain/ids.js';
import type { ImagePreparation } from '../domain/image-preparation.js';
import type { ImageWindow } from '../domain/image-window.js';
import { decodeImage } from '../imaging/decode.js';
import type { ImageFile, ImageReader } from '../ports/image-reader.js';
import { HeatMaps } from './heat-maps.js';
import { PanelImages } from './panel-images.js';
import type { Term } from './search-request.js';
import { localOperator } from '../domain/viewer.js';

/** Gives windows of one value, and only when a test has opened it, or fails. */
class HeldReader implements Pick<ImageReader, 'readWindows'> {
  count = 0;
  open: () => void = () => undefined;
  fail: (error: Error) => void = () => undefined;
  private readonly opened = new Promise<void>((resolve, reject) => ([this.open, this.fail] = [resolve, reject]));

  async readWindows(_image: ImageFile, _box: Box, windows: readonly ImageWindow[], { size }: ImagePreparation) {
    this.count += 1;
    await this.opened;
    return windows.map((_, i) => new Uint8Array(size * size * 3).fill(i));
  }
}

const blobs = new MemoryBlobStore();
const cell: Term = { kind: 'text', text: 'cell', weight: 1 };

describe('heat maps', () => {
  let figures: MemoryFigureStore;
  let reader: HeldReader;
  let heatMaps: HeatMaps;

  beforeEach(() => {
    figures = new MemoryFigureStore();
    reader = new HeldReader();
    heatMaps = createHeatMaps(new FakeEncoder());
  });

  function createHeatMaps(encoder: FakeEncoder): HeatMaps {
    const queries = { encodeTexts: (texts: readonly string[]) => encoder.embedTexts(texts) };
    return new HeatMaps(encoder, queries, { figures, panels: new PanelImages(figures, blobs), reader });
  }

  /** @returns the id of its panel */
  function addFigure(number: number, { width = 40, height = 20, image = `image ${number}` } = {}): string {
    const { figure, panels } = drawnFigure(number);
    const box = { x: 0, y: 0, width, height };
    const own = panels.map((panel) => ({ ...panel, box }));
    figures.add({ ...figure, width, height, imageHash: image as ImageHash }, own);
    return own[0]?.id ?? '';
  }

  /** @returns the id of a map that exists */
  function idOf(panelId: string, terms: readonly Term[] = [cell]): string {
    const id = heatMaps.idOf(panelId, terms);
    if (id === null) throw new Error('Expected a heat map for a text');
    return id;
  }

  it('are images with the shape of their panel', async () => {
    reader.open();
    const { image } = await decodeImage(await heatMaps.png(localOperator, idOf(addFigure(1))));
    expect(image.width / image.height).toBe(2);
  });

  it('are made once for all who ask meanwhile, and then kept', async () => {
    const id = idOf(addFigure(1));
    const asked = [heatMaps.png(localOperator, id), heatMaps.png(localOperator, id)];
    await settled();
    reader.open();
    const [one, other] = await Promise.all(asked);
    expect(other).toBe(one);
    expect(await heatMaps.png(localOperator, id)).toBe(one);
    expect(reader.count).toBe(1);
  });

  it('are made again after their figure got another image', async () => {
    reader.open();
    const id = idOf(addFigure(1));
    await heatMaps.png(localOperator, id);
    addFigure(1, { image: 'another image' });
    await heatMaps.png(localOperator, id);
    expect(reader.count).toBe(2);
  });

  it('have an id only for texts that an address can hold', () => {
    const panelId = addFigure(1);
    const image: Term = { kind: 'image', image: { source: { kind: 'figure', id: 'fig_1' }, region: null }, weight: 1 };
    expect(heatMaps.idOf(panelId, [image])).toBeNull();
    expect(heatMaps.idOf(panelId, [{ ...cell, text: 'x'.repeat(8000) }])).toBeNull();
    expect(heatMaps.idOf(panelId, [image, cell])).toBe(heatMaps.idOf(panelId, [cell]));
    expect(heatMaps.idOf(panelId, [{ ...cell, weight: -1 }])).not.toBe(heatMaps.idOf(panelId, [cell]));
  });

  it('do not exist for a model without them', async () => {
    const id = idOf(addFigure(1));
    const without = createHeatMaps(new FakeEncoder({ support: null }));
    expect(without.idOf('pan_1_0', [cell])).toBeNull();
    await expect(without.png(localOperator, id)).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });

  it('are not found by an id that is damaged, or whose panel is gone', async () => {
    const panelId = addFigure(1);
    const id = idOf(panelId);
    figures.delete(drawnFigure(1).figure.id);
    const withoutTexts = Buffer.from(JSON.stringify([panelId, []])).toString('base64url');
    for (const wrong of ['nonsense', withoutTexts, id]) {
      await expect(heatMaps.png(localOperator, wrong)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  it('refuse an image that is too long', async () => {
    reader.open();
    const id = idOf(addFigure(1, { width: 20_000, height: 20 }));
    await expect(heatMaps.png(localOperator, id)).rejects.toMatchObject({
      code: 'UNSUPPORTED_MEDIA',
      message: 'An image of 20000 × 20 is too long a strip for a heat map',
    });
  });

  it('are made two at a time, and refused while 100 of them wait', async () => {
    const ids = Array.from({ length: 103 }, (_, number) => idOf(addFigure(number)));
    const results = Promise.allSettled(ids.map((id) => heatMaps.png(localOperator, id)));
    await settled();
    expect(reader.count).toBe(2);
    reader.fail(new Error('The image is damaged'));
    const reasons = (await results).map((result) => (result.status === 'rejected' ? String(result.reason) : null));
    expect(reasons.filter((reason) => reason === 'Error: The image is damaged')).toHaveLength(102);
    expect(reasons[102]).toContain('100 heat maps wait to be made');
    await expect(heatMaps.png(localOperator, ids[102] ?? '')).rejects.toThrow('The image is damaged');
  });
});
