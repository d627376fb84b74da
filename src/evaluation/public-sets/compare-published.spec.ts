import { describe, expect, it } from '@jest/globals';
import { measureRanks } from '../caption-pairs.js';
import { comparePublished, remarksOn, type MeasuredSet } from './compare-published.js';
import { zeroShotTasksOf } from './zero-shot-tasks.js';

const nothing: MeasuredSet = { captionToImage: null, imageToCaption: null, zeroShot: [], masks: [] };
const point = (mean: number) => ({ mean, low: mean, high: mean });

function accuracyOf(task: string | null, images: number) {
  const measures = {
    images,
    accuracy: point(0.5),
    balancedAccuracy: 0.5,
    chance: 0.5,
    majorityChance: 0.5,
    labels: [],
  };
  return { task, measures };
}

describe('published values', () => {
  it('stand beside the measure of the same name', () => {
    const ranks = measureRanks([1, 7], { seed: 'spec' });
    const compared = comparePublished('pmc-split', { ...nothing, captionToImage: ranks, imageToCaption: ranks });
    const told = compared.map(({ measure, measured, published }) => [
      ...[measure, measured.mean],
      ...published.map(({ value, bound, count }) => `${bound} ${value} on ${count}`),
    ]);
    expect(told).toEqual([
      ['caption → image R@1', 0.5, 'above 0.56 on 725739', 'exact 0.8186 on 13600'],
      ['caption → image R@5', 0.5, 'above 0.77 on 725739'],
      ['caption → image R@10', 1],
      ['image → caption R@1', 0.5, 'above 0.56 on 725739', 'exact 0.829 on 13600'],
      ['image → caption R@5', 0.5, 'above 0.77 on 725739'],
      ['image → caption R@10', 1],
    ]);
  });

  it('are told with the model that they belong to, and with what was read', () => {
    const compared = comparePublished('lc25000', {
      ...nothing,
      zeroShot: [accuracyOf('lung', 30), accuracyOf('colon', 10_000)],
    });
    const reading = { set: 'lc25000', taken: 10_030, total: 25_000, leftOut: 2 } as const;
    const remarks = remarksOn({ ...reading, model: 'starter' }, compared);
    expect(remarks.slice(0, 4)).toEqual([
      'The published values belong to BiomedCLIP; measured was another model, the package “starter”.',
      'A subset was read: 10030 of 25000 records, evenly spread.',
      '2 records were left out.',
      'The numbers of images or masks differ (30 here, 15000 for all lung images of LC25000).',
    ]);
    expect(remarksOn({ ...reading, model: 'biomedclip-fp16' }, compared)[0]).toBe(
      'The package “biomedclip-fp16” is taken for BiomedCLIP by its name.',
    );
  });

  it('are said to be none where there are none', () => {
    const reading = { set: 'rocov2', model: 'biomedclip', taken: 4, total: 4, leftOut: 0 } as const;
    expect(remarksOn(reading, comparePublished('rocov2', nothing))).toEqual([
      'The papers give no value of this set that could be compared.',
    ]);
  });
});

describe('prompts of the zero-shot tasks', () => {
  it('are each template with each class', () => {
    expect(zeroShotTasksOf('rsna-pneumonia')).toEqual([
      {
        name: null,
        prompts: {
          'normal lung': ['a photo of normal lung', 'normal lung presented in image'],
          pneumonia: ['a photo of pneumonia', 'pneumonia presented in image'],
        },
      },
    ]);
    expect(zeroShotTasksOf('lc25000').map(({ name }) => name)).toEqual(['lung', 'colon']);
    expect(zeroShotTasksOf('rocov2')).toEqual([]);
  });
});
