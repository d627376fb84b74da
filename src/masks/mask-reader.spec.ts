import { describe, expect, it } from '@jest/globals';
import { drawnFigure } from '../../test/support/drawn-figures.js';
import { drawnBox, drawnImage, drawnMask, maskRecord } from '../../test/support/drawn-masks.js';
import { MemoryMaskStore } from '../../test/support/memory-mask-store.js';
import { panelIdOf } from '../domain/ids.js';
import { formatMaskId } from '../domain/mask.js';
import { MaskReader } from './mask-reader.js';
import { placeJobMask } from './scheduling/place-job-mask.js';
import type { JobMask } from './scheduling/mask-jobs.js';
import { localOperator } from '../domain/viewer.js';

const { figure, panels } = drawnFigure(1);
const [whole = { id: panelIdOf(figure.id, 0), figureId: figure.id, label: null, caption: null, box: drawnBox }] =
  panels;
const part = { ...whole, id: panelIdOf(figure.id, 1), box: { ...drawnBox, width: 2 } };

describe('the masks of figures', () => {
  it('are those of their image that belong to one of their panels', async () => {
    const store = new MemoryMaskStore();
    const other = drawnFigure(2);
    await store.saveDrawn(maskRecord('lung'), drawnMask);
    await store.saveDrawn(maskRecord('heart', { box: part.box }), drawnMask);
    await store.saveDrawn(maskRecord('former box', { box: { ...drawnBox, width: 3 } }), drawnMask);
    await store.saveDrawn(maskRecord('liver', { imageHash: drawnImage(2) }), drawnMask);
    const reader = new MaskReader(store);
    const masks = await reader.ofFigures(localOperator, [{ figure, panels: [whole, part] }, null, other]);
    expect(masks.map((some) => new Set(some.map(({ prompt, panelId }) => [prompt, panelId].join(' '))))).toEqual([
      new Set([`lung ${whole.id}`, `heart ${part.id}`]),
      new Set(),
      new Set([`liver ${panelIdOf(other.figure.id, 0)}`]),
    ]);
    expect(masks[0]?.find(({ prompt }) => prompt === 'lung')).toMatchObject({
      ...{ id: formatMaskId(maskRecord('lung').hash, whole.id), outcome: { status: 'READY' } },
    });
  });
});

describe('a mask of a job', () => {
  const { hash, key, model } = maskRecord('lung');
  const { imageHash, box, prompt, imageType } = key;
  const jobMask: JobMask = { panelId: whole.id, hash, model, imageHash, box, prompt, imageType, end: null };
  const place = { panel: whole, figure };
  const readNothing = () => Promise.reject(new Error('Expected nothing to be read'));

  it('is read where it was made', async () => {
    const store = new MemoryMaskStore();
    const readStored = async (one: string) => (await store.byHashes([one])).get(one) ?? null;
    const made: JobMask = { ...jobMask, end: { status: 'READY' } };
    expect(await placeJobMask(made, place, readStored)).toBeNull();
    await store.saveDrawn(maskRecord('lung'), drawnMask);
    expect(await placeJobMask(made, place, readStored)).toMatchObject({ hash, outcome: { status: 'READY' } });
  });

  it('says that it is pending, or why it was not made', async () => {
    const failure = { status: 'FAILED', error: 'no memory', at: new Date(0) } as const;
    expect(await placeJobMask(jobMask, place, readNothing)).toMatchObject({ hash, prompt: 'lung', outcome: null });
    expect(await placeJobMask({ ...jobMask, end: failure }, place, readNothing)).toMatchObject({ outcome: failure });
  });

  it('is absent where its panel has another box or another image now', async () => {
    const moved = { ...place, panel: { ...whole, box: part.box } };
    const replaced = { ...place, figure: { imageHash: drawnImage(2) } };
    expect(await placeJobMask(jobMask, moved, readNothing)).toBeNull();
    expect(await placeJobMask(jobMask, replaced, readNothing)).toBeNull();
  });
});
