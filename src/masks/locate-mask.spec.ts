import { describe, expect, it } from '@jest/globals';
import type { Panel } from '../domain/figure.js';
import { figureIdOf, panelIdOf } from '../domain/ids.js';
import type { Mask, MaskOutcome } from '../domain/mask.js';
import { drawnMask } from '../../test/support/drawn-masks.js';
import { locateMask } from './locate-mask.js';

const figureId = figureIdOf('figure-1');
const panel: Panel = {
  ...{ id: panelIdOf(figureId, 0), figureId, label: null, caption: null },
  box: { x: 100, y: 50, width: 40, height: 20 },
};
const boxes = [{ x: 120, y: 60, width: 4, height: 2 }];

function maskOf(outcome: MaskOutcome | null): Mask {
  const key = { hash: 'hash', panelId: panel.id, prompt: 'lung', imageType: null, model: 'fake' };
  return { id: 'msk_1', ...key, isDetected: false, outcome };
}

const ready = (parts: typeof boxes): MaskOutcome => ({ status: 'READY', measures: { ...drawnMask, boxes: parts } });

/** @param mask what the id names @param there the panel of the mask as it is now */
function locate(mask: Mask | null, region: object | null = null, there: Panel | null = panel) {
  return locateMask(
    { maskId: 'msk_1', region },
    (id) => Promise.resolve(id === 'msk_1' ? mask : null),
    (id) => Promise.resolve(id === panel.id ? there : null),
  );
}

describe('the region of a mask', () => {
  it('is its box with a margin, as a part of its panel', async () => {
    expect(await locate(maskOf(ready(boxes)))).toEqual({
      panelId: panel.id,
      region: { x: 0.4, y: 0.4, width: 0.3, height: 0.3 },
    });
  });

  it('does not exist for a mask that does not, or whose panel is gone', async () => {
    const notFound = {
      code: 'NOT_FOUND',
      message: 'There is no mask msk_1, or its figure is gone or has another picture now',
    };
    await expect(locate(null)).rejects.toMatchObject(notFound);
    await expect(locate(maskOf(ready(boxes)), null, null)).rejects.toMatchObject(notFound);
  });

  it('does not exist yet for a mask that is being made, and not for one that failed', async () => {
    await expect(locate(maskOf(null))).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'The mask msk_1 is still being made; search by it once its status is READY',
    });
    await expect(locate(maskOf({ status: 'FAILED', error: 'no memory', at: new Date(0) }))).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'The mask msk_1 could not be made: no memory',
    });
  });

  it('is refused for an empty mask, and together with another region', async () => {
    await expect(locate(maskOf(ready([])))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'The mask msk_1 is empty: “lung” was not found, so nothing is like it',
    });
    await expect(locate(maskOf(ready(boxes)), { x: 0, y: 0, width: 1, height: 1 })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'Expected no region of a mask, which is a region itself, but received one',
    });
  });
});
