import { beforeEach, describe, expect, it } from '@jest/globals';
import { drawnFigure } from '../../../test/support/drawn-figures.js';
import { drawnSignature } from '../../../test/support/drawn-pictures.js';
import { MemoryDuplicateDecisionStore } from '../../../test/support/memory-duplicate-decision-store.js';
import { MemoryFigureStore } from '../../../test/support/memory-figure-store.js';
import { MemoryPictureStore } from '../../../test/support/memory-picture-store.js';
import { figureIdOf, panelIdOf } from '../../domain/ids.js';
import { localOperator } from '../../domain/viewer.js';
import { DuplicateReview, type GivenDecision } from './duplicate-review.js';

const id = (number: number) => figureIdOf(`figure-${number}`);
const box = { x: 0, y: 0, width: 1, height: 1 };

describe('the review of duplicates', () => {
  let review: DuplicateReview;

  beforeEach(async () => {
    const pictures = new MemoryPictureStore();
    const figures = new MemoryFigureStore();
    const signature = await drawnSignature(1);
    for (const number of [1, 2, 3, 4]) {
      const drawn = drawnFigure(number);
      // Figures 3 and 4 have one file.
      const { imageHash } = drawnFigure(Math.min(number, 3)).figure;
      figures.add({ ...drawn.figure, imageHash }, drawn.panels);
      pictures.add({ number, panelId: panelIdOf(id(number), 0), figureId: id(number), imageHash, box }, signature);
    }
    for (const [number, alike] of [
      [1, []],
      [2, [1]],
      [3, []],
      [4, [3]],
    ] as const) {
      const matches = alike.map((other) => ({
        ...{ other, similarity: 1, changes: [], isSame: true, boxes: [box, box] as const },
      }));
      await pictures.record(number, matches);
    }
    const there = new Set<string>([1, 2, 3, 4].map(id));
    const decisions = new MemoryDuplicateDecisionStore(pictures, (one) => there.has(one));
    review = new DuplicateReview(decisions, figures, 100);
  });

  const decide = (given: Partial<GivenDecision>) =>
    review.decide(localOperator, { figureIds: [id(1), id(2)], verdict: 'KEEP_ALL', keptId: null, ...given });
  const waiting = async () =>
    (await review.groups(localOperator, false, { after: 0, first: null })).items.map(({ figureIds }) => figureIds);

  it('goes on until each group was decided on, and goes back', async () => {
    expect(await waiting()).toEqual([
      [id(1), id(2)],
      [id(3), id(4)],
    ]);
    expect(await decide({ verdict: 'KEEP_ONE', keptId: id(2) })).toMatchObject([
      { verdict: 'KEEP_ONE', keptId: id(2) },
    ]);
    expect(await waiting()).toEqual([[id(3), id(4)]]);
    expect(await review.hiddenAmong(localOperator, [id(1), id(2)])).toEqual(new Set([id(1)]));
    expect(await decide({ verdict: 'UNDECIDED' })).toEqual([]);
    expect(await waiting()).toHaveLength(2);
  });

  it('refuses what cannot be decided', async () => {
    const badInput = (message: string) => ({ code: 'BAD_USER_INPUT', message: expect.stringContaining(message) });
    await expect(decide({ figureIds: [id(1), id(1)] })).rejects.toMatchObject(badInput('but received 1'));
    const many = Array.from({ length: 51 }, (_, number) => id(number));
    await expect(decide({ figureIds: many })).rejects.toMatchObject(badInput('Expected 2 to 50'));
    await expect(decide({ verdict: 'KEEP_ONE' })).rejects.toMatchObject(badInput('one of the figures'));
    await expect(decide({ verdict: 'KEEP_ONE', keptId: id(3) })).rejects.toMatchObject(badInput('one of the figures'));
    await expect(decide({ keptId: id(1) })).rejects.toMatchObject(badInput('no figure to keep'));
    await expect(decide({ figureIds: [id(3), id(4)], verdict: 'NOT_SAME' })).rejects.toMatchObject(
      badInput('have one image file'),
    );
    await expect(decide({ figureIds: [id(1), 'fig_none'] })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
