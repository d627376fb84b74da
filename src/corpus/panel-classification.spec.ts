import { beforeEach, describe, expect, it } from '@jest/globals';
import { drawnFigure, drawnVector, space, withParts } from '../../test/support/drawn-figures.js';
import { MemoryCorpus } from '../../test/support/memory-corpus.js';
import { MemorySettingsStore } from '../../test/support/memory-settings-store.js';
import type { DualEncoder } from '../domain/dual-encoder.js';
import { FigseekError } from '../domain/errors.js';
import { figureClasses, promptsOf } from '../domain/figure-classes.js';
import { figureIdOf, wholeFigurePanelId } from '../domain/ids.js';
import { withLinearHead } from '../domain/linear-head.js';
import { PanelClassification } from './panel-classification.js';

/** The text of a class is embedded as the drawn vector with the place of the class. */
class PromptEncoder {
  readonly model = space as unknown as DualEncoder;
  asked = 0;
  isBroken = false;

  embedTexts(texts: readonly string[]): Promise<Float32Array[]> {
    this.asked += 1;
    if (this.isBroken) return Promise.reject(new FigseekError('MODEL_UNAVAILABLE', 'broken'));
    const place = figureClasses.findIndex((one) => promptsOf(one)[0] === texts[0]);
    return Promise.resolve(texts.map(() => drawnVector(place)));
  }
}

const placeOf = (name: string): number => figureClasses.findIndex((one) => one.name === name);
const whole = (number: number) => wholeFigurePanelId(figureIdOf(`figure-${number}`));

describe('the classification of panels', () => {
  let corpus: MemoryCorpus;
  let settings: MemorySettingsStore;
  let encoder: PromptEncoder;
  let classification: PanelClassification;

  beforeEach(async () => {
    corpus = new MemoryCorpus();
    settings = new MemorySettingsStore();
    encoder = new PromptEncoder();
    classification = new PanelClassification(encoder, corpus.classes, settings, corpus.filters);
    const compound = withParts(drawnFigure(placeOf('ct')), ['A', 'B']);
    await corpus.writer.replace([drawnFigure(placeOf('plot')), drawnFigure(placeOf('mri')), compound]);
  });

  it('names the class whose texts are nearest, and figures with panels compound', async () => {
    expect(await classification.run()).toBe(3);
    const classes = await corpus.classes.classesOf(['plot', 'mri', 'ct'].map((name) => whole(placeOf(name))));
    const found = [...classes.values()].map(({ method, figureType, modality }) => [method, figureType, modality]);
    expect(found.sort()).toEqual([
      ['PANELS', 'compound', null],
      ['ZERO_SHOT', 'medical image', 'mri'],
      ['ZERO_SHOT', 'plot', null],
    ]);
  });

  it('does nothing where nothing is new, and tells by its state that there may be work', async () => {
    await classification.run();
    const [asked, state] = [encoder.asked, await classification.state()];
    expect(await classification.run()).toBe(0);
    expect(encoder.asked).toBe(asked);
    await corpus.writer.replace([drawnFigure(30)]);
    expect(await classification.state()).not.toBe(state);
    expect(await classification.run()).toBe(1);
  });

  it('classifies all anew by a head that was kept, and by the texts again without it', async () => {
    await classification.run();
    const state = await classification.state();
    const dimensions = space.dimensions;
    const weights = [0, 1].map(() => new Float32Array(dimensions));
    const head = { classes: ['ecg', 'table'], weights, biases: [0, 5] };
    await settings.set('linear_heads', withLinearHead(null, space.version, head));
    expect(await classification.state()).not.toBe(state);
    expect(await classification.run()).toBe(3);
    const id = whole(placeOf('plot'));
    expect((await corpus.classes.classesOf([id])).get(id)).toMatchObject({
      ...{ method: 'LINEAR_HEAD', figureType: 'table' },
      figureTypeProbability: 1 / (1 + Math.exp(-5)),
    });
    await settings.set('linear_heads', withLinearHead(null, space.version, null));
    expect(await classification.run()).toBe(3);
    expect((await corpus.classes.classesOf([id])).get(id)).toMatchObject({ method: 'ZERO_SHOT', figureType: 'plot' });
  });

  it('shows nothing half done, and goes on after a failure of the model or an end', async () => {
    encoder.isBroken = true;
    await expect(classification.run()).rejects.toThrow('broken');
    const end = new AbortController();
    end.abort();
    encoder.isBroken = false;
    expect(await classification.run({ signal: end.signal })).toBe(0);
    expect(await corpus.classes.classesOf([whole(placeOf('plot'))])).toEqual(new Map());
    expect(await classification.run()).toBe(3);
  });
});
