import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { figureIdOf, imageHashOf, panelIdOf, type PanelId } from '../../src/domain/ids.js';
import type { PanelDirectory } from '../../src/ports/panel-directory.js';
import { corpora, type OpenedCorpus } from '../support/corpora.js';
import { drawnFigure, withParts } from '../support/drawn-figures.js';

const id = (number: number) => figureIdOf(`figure-${number}`);
const panel = (number: number, ordinal = 0): PanelId => panelIdOf(id(number), ordinal);

describe.each(corpora)('a panel directory in %s', (_where, open) => {
  let opened: OpenedCorpus;
  beforeEach(async () => {
    opened = await open();
    await opened.stores.writer.replace([drawnFigure(1), withParts(drawnFigure(2), ['A', 'B'])]);
  });
  afterEach(() => opened.close());

  /** The directory, with what is committed now. */
  async function updated(): Promise<PanelDirectory> {
    const { panels, filters } = opened.stores;
    await panels.update(await filters.corpus());
    return panels;
  }

  function expectNumber(directory: PanelDirectory, panelId: PanelId): number {
    const number = directory.numberOf(panelId);
    if (number === null) throw new Error(`there is a panel ${panelId}`);
    return number;
  }

  it('is empty where the corpus is', async () => {
    const empty = await open();
    await empty.stores.panels.update(await empty.stores.filters.corpus());
    expect([empty.stores.panels.lastNumber, empty.stores.panels.panel(1)]).toEqual([0, null]);
    await empty.close();
  });

  it('gives each panel a number of its own, and the panel of each number', async () => {
    const directory = await updated();
    const all = [panel(1), panel(2), panel(2, 1), panel(2, 2)];
    const numbers = all.map((panelId) => expectNumber(directory, panelId));
    expect(new Set(numbers).size).toBe(4);
    expect(numbers.map((number) => directory.panel(number)?.panelId)).toEqual(all);
    expect(numbers.map((number) => directory.panel(number)?.figureId)).toEqual([id(1), id(2), id(2), id(2)]);
    expect(directory.lastNumber).toBe(Math.max(...numbers));
  });

  it('knows nothing of panels and numbers that there are not', async () => {
    const directory = await updated();
    const absent = [panel(9), panel(1, 1), 'no panel' as PanelId];
    expect(absent.map((one) => directory.numberOf(one))).toEqual([null, null, null]);
    for (const number of [0, directory.lastNumber + 1, 1_000_000]) {
      expect([directory.panel(number), directory.figureOf(number)]).toEqual([null, 0]);
    }
  });

  it('names figures by the numbers that filters name them by', async () => {
    const { filters } = opened.stores;
    await opened.stores.writer.replace([{ ...drawnFigure(3), figure: { ...drawnFigure(3).figure, labels: ['lung'] } }]);
    const directory = await updated();
    const scope = await filters.resolve({ labels: ['lung'] }, await filters.corpus());
    const allowed = await filters.allowedFigures(scope);
    const figureOf = (panelId: PanelId) => directory.figureOf(expectNumber(directory, panelId));
    expect([panel(1), panel(2), panel(3)].map((one) => allowed.has(figureOf(one)))).toEqual([false, false, true]);
    expect(figureOf(panel(2, 2))).toBe(figureOf(panel(2)));
  });

  it('tells which panels are parts of one image file', async () => {
    const copy = drawnFigure(4);
    const imageHash = imageHashOf(Buffer.from('1'));
    await opened.stores.writer.replace([{ ...copy, figure: { ...copy.figure, imageHash } }]);
    const directory = await updated();
    const keyOf = (panelId: PanelId) => directory.panel(expectNumber(directory, panelId))?.imageKey;
    expect(keyOf(panel(4))).toBe(keyOf(panel(1)));
    expect(keyOf(panel(2, 1))).toBe(keyOf(panel(2)));
    expect(keyOf(panel(2))).not.toBe(keyOf(panel(1)));
  });

  it('gives the panels of a figure that is stored anew other numbers', async () => {
    const directory = await updated();
    const [before, figure] = [expectNumber(directory, panel(2, 1)), directory.figureOf(directory.lastNumber)];
    const last = directory.lastNumber;
    await opened.stores.writer.replace([withParts(drawnFigure(2), ['A'])]);
    await updated();
    const after = expectNumber(directory, panel(2, 1));
    expect(after).toBeGreaterThan(last);
    expect([directory.panel(before), directory.figureOf(before)]).toEqual([null, 0]);
    expect([directory.panel(after)?.panelId, directory.figureOf(after)]).toEqual([panel(2, 1), figure]);
    expect(directory.numberOf(panel(2, 2))).toBeNull();
  });

  it('forgets the panels of a deleted figure, and gives their numbers to no other', async () => {
    const directory = await updated();
    const numbers = [panel(2), panel(2, 1), panel(2, 2)].map((one) => expectNumber(directory, one));
    const last = directory.lastNumber;
    await opened.stores.writer.delete([id(2)]);
    await updated();
    expect(numbers.map((number) => directory.panel(number))).toEqual([null, null, null]);
    expect(directory.numberOf(panel(2, 1))).toBeNull();
    expect(directory.lastNumber).toBe(last);
    await opened.stores.writer.replace([withParts(drawnFigure(2), ['A', 'B'])]);
    await updated();
    expect(Math.min(...[0, 1, 2].map((ordinal) => expectNumber(directory, panel(2, ordinal))))).toBeGreaterThan(last);
    expect(directory.numberOf(panel(1))).not.toBeNull();
  });

  it('keeps what it knows where many ask at once, also about an older state', async () => {
    const { panels, filters, writer } = opened.stores;
    const older = await filters.corpus();
    await writer.replace([drawnFigure(5)]);
    const newer = await filters.corpus();
    await Promise.all([older, newer, older, newer].map((state) => panels.update(state)));
    await panels.update(older);
    expect([1, 2, 5].map((number) => panels.numberOf(panel(number)) !== null)).toEqual([true, true, true]);
  });
});
