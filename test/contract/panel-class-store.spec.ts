import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FigureFilter } from '../../src/domain/figure-filter.js';
import { figureIdOf, panelIdOf } from '../../src/domain/ids.js';
import { compoundByPanels, type PanelClass } from '../../src/domain/panel-class.js';
import { corpora, type OpenedCorpus } from '../support/corpora.js';
import { drawnFigure, drawnVector, space, withParts } from '../support/drawn-figures.js';

const id = (number: number) => figureIdOf(`figure-${number}`);
const panel = (number: number, ordinal = 0) => panelIdOf(id(number), ordinal);
const plot: PanelClass = {
  ...{ method: 'ZERO_SHOT', figureType: 'plot', figureTypeProbability: 0.75 },
  ...{ modality: null, modalityProbability: null },
};
const ct: PanelClass = { ...plot, figureType: 'medical image', modality: 'ct', modalityProbability: 0.5 };

/** A figure with two parts that have vectors, too. */
function withTwoParts(number: number) {
  const drawn = withParts(drawnFigure(number), ['A', 'B']);
  const vectors = [1, 2].map((ordinal) => ({
    ...{ panelId: panel(number, ordinal), space: space.version, kind: 'IMAGE' as const },
    vector: drawnVector(100 + ordinal),
  }));
  return { ...drawn, embeddings: [...drawn.embeddings, ...vectors] };
}

describe.each(corpora)('classes of panels in %s', (_where, open) => {
  let opened: OpenedCorpus;
  beforeEach(async () => {
    opened = await open();
    await opened.stores.writer.replace([drawnFigure(1), withTwoParts(2), drawnFigure(3)]);
  });
  afterEach(() => opened.close());

  const classifier = (key = 'a', of = space.version) => opened.stores.classes.openClassifier(of, key);
  const waiting = async (number: number, after = 0, limit = 9) =>
    opened.stores.classes.listUnclassified({ classifier: number, space: space.version, after, limit });

  /** Figure 1 is a plot, 2 is compound of a plot and a CT, 3 is a CT. */
  async function classifyAll(number: number): Promise<void> {
    const panels = await waiting(number);
    const classes = [plot, compoundByPanels, plot, ct, ct];
    await opened.stores.classes.save(
      number,
      panels.map((one, at) => ({ panel: one.number, of: classes[at] ?? plot })),
    );
  }

  async function allowed(filter: FigureFilter) {
    const { filters } = opened.stores;
    const scope = await filters.resolve(filter, await filters.corpus());
    return (await filters.page(scope, 0, 9)).items.map((item) => item.id);
  }

  async function facet(field: 'figureType' | 'predictedModality', filter: FigureFilter | null = null) {
    const { filters } = opened.stores;
    const counts = await filters.facet(await filters.resolve(filter, await filters.corpus()), field, 9);
    return counts.map(({ value, count }) => [value, count]);
  }

  it('are missing until they are kept, panel by panel', async () => {
    const number = await classifier();
    const panels = await waiting(number);
    expect(panels.map(({ isWhole, hasParts }) => [isWhole, hasParts])).toEqual([
      ...[
        [true, false],
        [true, true],
        [false, false],
        [false, false],
      ],
      [true, false],
    ]);
    expect(panels[0]?.vector).toEqual(drawnVector(1));
    const numbers = panels.map((one) => one.number);
    expect([...numbers].sort((a, b) => a - b)).toEqual(numbers);
    expect((await waiting(number, numbers[1], 2)).map((one) => one.number)).toEqual(numbers.slice(2, 4));
    await opened.stores.classes.save(number, [{ panel: numbers[0] ?? 0, of: plot }]);
    expect((await waiting(number)).map((one) => one.number)).toEqual(numbers.slice(1));
    expect(await waiting(await classifier('b'))).toHaveLength(5);
    expect(await classifier()).toBe(number);
  });

  it('are shown, counted and filtered by when their classifier is', async () => {
    const { classes, filters } = opened.stores;
    const number = await classifier();
    await classifyAll(number);
    expect([await allowed({ figureTypes: ['plot'] }), await facet('figureType')]).toEqual([[], []]);
    expect(await classes.classesOf([panel(1)])).toEqual(new Map());
    await classes.show(number);
    expect(await classes.classesOf([panel(1), panel(2, 2), 'pan_none'])).toEqual(
      new Map([
        [panel(1), plot],
        [panel(2, 2), ct],
      ]),
    );
    expect(await allowed({ figureTypes: ['Plot'] })).toEqual([id(1), id(2)]);
    expect(await allowed({ figureTypes: ['compound'] })).toEqual([id(2)]);
    expect(await allowed({ predictedModalities: ['ct'] })).toEqual([id(2), id(3)]);
    expect(await allowed({ figureTypes: ['plot'], predictedModalities: ['ct'] })).toEqual([id(2)]);
    expect(await allowed({ not: { figureTypes: ['plot'] } })).toEqual([id(3)]);
    expect(await facet('figureType')).toEqual([
      ['medical image', 2],
      ['plot', 2],
      ['compound', 1],
    ]);
    expect(await facet('predictedModality')).toEqual([['ct', 2]]);
    const ofTwo = await filters.facetOf([id(1), id(2)], 'figureType');
    expect(ofTwo.map(({ value, count }) => [value, count])).toEqual([
      ['plot', 2],
      ['compound', 1],
      ['medical image', 1],
    ]);
    expect(await filters.facetOf([id(1), id(2)], 'predictedModality')).toEqual([{ value: 'ct', key: 'ct', count: 1 }]);
    expect(await facet('figureType', { predictedModalities: ['ct'] })).toEqual([
      ...[
        ['medical image', 2],
        ['compound', 1],
      ],
      ['plot', 1],
    ]);
    expect(await filters.facetOf([id(1), id(1)], 'figureType')).toEqual([{ value: 'plot', key: 'plot', count: 1 }]);
  });

  it('of a new classifier take the place of those before at once', async () => {
    const { classes } = opened.stores;
    const first = await classifier('a');
    await classifyAll(first);
    await classes.show(first);
    const second = await classifier('b');
    const panels = await waiting(second);
    await classes.save(
      second,
      panels.slice(0, 1).map((one) => ({ panel: one.number, of: ct })),
    );
    expect((await classes.classesOf([panel(1)])).get(panel(1))).toEqual(plot);
    await classes.show(second);
    expect(await classes.classesOf([panel(1), panel(3)])).toEqual(new Map([[panel(1), ct]]));
    expect(await classifier('a')).not.toBe(first);
  });

  it('are kept apart for each model, and forgotten with it', async () => {
    const { classes } = opened.stores;
    const [own, other] = [await classifier(), await classifier('a', 'e'.repeat(64))];
    await classifyAll(own);
    await classes.show(own);
    await classes.show(other);
    expect(await classes.classesOf([panel(1)])).toEqual(new Map());
    await classes.show(own);
    expect(await classes.classesOf([panel(1)])).toEqual(new Map([[panel(1), plot]]));
    await classes.forgetSpace(space.version);
    expect([await classes.classesOf([panel(1)]), await allowed({ figureTypes: ['plot'] })]).toEqual([new Map(), []]);
  });

  it('go with panels that change, and with figures that gain or lose parts', async () => {
    const { classes, writer } = opened.stores;
    const number = await classifier();
    const [before] = await waiting(number);
    await classifyAll(number);
    await classes.show(number);
    await writer.replace([drawnFigure(1)]);
    expect(await waiting(number)).toHaveLength(1);
    // The panel that was read is gone.
    await classes.save(number, [{ panel: before?.number ?? 0, of: ct }]);
    expect(await classes.classesOf([panel(1)])).toEqual(new Map());
    const { imageHash } = drawnFigure(3).figure;
    const added = withTwoParts(3);
    const correction = {
      figureId: id(3),
      imageHash,
      panels: added.panels.slice(1),
      embeddings: added.embeddings.slice(2),
    };
    const stale = await waiting(number, 0, 9);
    await writer.correctPanels(correction);
    const now = await waiting(number);
    expect(now.filter(({ hasParts }) => hasParts)).toHaveLength(1);
    expect(now.length).toBeGreaterThan(stale.length);
    // What was read as a figure without parts is no plot any more.
    const whole = now.find(({ hasParts }) => hasParts)?.number ?? 0;
    await classes.save(number, [{ panel: whole, of: plot }]);
    expect(await classes.classesOf([panel(3)])).toEqual(new Map());
    await classes.save(number, [{ panel: whole, of: compoundByPanels }]);
    expect(await classes.classesOf([panel(3)])).toEqual(new Map([[panel(3), compoundByPanels]]));
    await writer.correctPanels({ ...correction, panels: [], embeddings: [] });
    expect(await classes.classesOf([panel(3)])).toEqual(new Map());
  });
});
