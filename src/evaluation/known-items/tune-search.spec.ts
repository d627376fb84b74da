import { beforeAll, describe, expect, it } from '@jest/globals';
import { drawnFigure } from '../../../test/support/drawn-figures.js';
import { MemoryCorpus } from '../../../test/support/memory-corpus.js';
import { RecordingReporter } from '../../../test/support/recording-reporter.js';
import { figureIdOf } from '../../domain/ids.js';
import type { Ask } from './ask.js';
import type { AskWith } from './timed-queries.js';
import { SearchTuning, type Tuning } from './tune-search.js';

const count = 60;
const present = { IMAGE: 1, CAPTION: 0.5, KEYWORD: 1.5 };
const all = Array.from({ length: count }, (_, number) => figureIdOf(`figure-${number}`));
const word = (number: number): string => `word${'abcdefghijklmnopqrst'[number % 20] ?? ''}`;

/** A search that puts the right figures in a place that depends on weights and depth, and the others around them. */
function searchBy(placeOf: (weights: typeof present, depth: number, text: string) => number): AskWith {
  return ({ weights, depth }): Ask =>
    (content) => {
      const text = content.kind === 'text' ? content.text : '';
      const isRight = (number: number): boolean => text.split(' ').includes(word(number));
      const right = all.filter((_, number) => isRight(number));
      const others = all.filter((_, number) => !isRight(number));
      const place = placeOf({ ...present, ...weights }, depth, text);
      const found = [...others.slice(0, place), ...right, ...others.slice(place)];
      return Promise.resolve({ found: found.map((id) => [id]), exact: true });
    };
}

describe('tuning of a search', () => {
  const corpus = new MemoryCorpus();
  beforeAll(async () => {
    for (let number = 0; number < count; number++) {
      const drawn = drawnFigure(number);
      await corpus.writer.replace([{ ...drawn, figure: { ...drawn.figure, caption: word(number) } }]);
    }
  });

  const tune = (askWith: AskWith, queries = 40, stores = corpus): Promise<Tuning | null> =>
    new SearchTuning(stores, askWith, 'fake').run(
      {
        ...{ seed: 'spec', count: queries, judgments: [], present, presentDepth: 200 },
        readImage: () => Promise.reject(new Error('Expected no image to be asked for')),
      },
      new RecordingReporter(),
    );

  it('chooses the weights that find more on one half, and measures the gain on the other', async () => {
    const tuning = await tune(searchBy(({ IMAGE, CAPTION }) => (IMAGE === 2 && CAPTION === 0.5 ? 0 : 1)));
    expect(tuning).toMatchObject({ best: { IMAGE: 2, CAPTION: 0.5, KEYWORD: 1.5 }, isBetter: true });
    // First in place of second.
    expect(tuning?.gain?.difference).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
    expect(tuning?.queries).toEqual({ chosenOn: 10, measuredOn: 10 });
    expect(tuning?.tried).toHaveLength(25);
    expect(tuning?.classes).toEqual([{ title: 'A rare word', queries: 10, gain: { mean: 0.5, low: 0.5, high: 0.5 } }]);
  });

  it('calls nothing better that a few questions tell', async () => {
    const few = await tune(
      searchBy(({ IMAGE }) => (IMAGE === 2 ? 0 : 1)),
      8,
    );
    expect(few?.gain).toEqual({ difference: { mean: 0.5, low: 0.5, high: 0.5 }, pValue: 1 / 8 });
    expect(few?.isBetter).toBe(false);
  });

  it('keeps the present weights where no others find more', async () => {
    const tuning = await tune(searchBy(() => 1));
    expect(tuning).toMatchObject({ best: present, gain: null, isBetter: false, classes: [] });
  });

  it('calls nothing better that helps some questions and harms as many', async () => {
    // Half of the words gain with more weight of images, the others lose as much.
    const tuning = await tune(
      searchBy(({ IMAGE }, _depth, text) => (IMAGE > 1 === text.charCodeAt(4) % 2 > 0 ? 0 : 1)),
    );
    expect(tuning?.isBetter).toBe(false);
  });

  it('chooses the depth that finds more on one half, and measures the gain on the other', async () => {
    const tuning = await tune(searchBy((_weights, depth) => (depth > 200 ? 0 : 1)));
    expect(tuning).toMatchObject({ best: present, gain: null, isBetter: false });
    // The least of those that find as much.
    expect(tuning?.depth).toMatchObject({ present: 200, best: 500, isBetter: true });
    expect(tuning?.depth.tried.map(({ depth }) => depth)).toEqual([500, 1000, 200, 100]);
    expect(tuning?.depth.gain?.difference).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
    expect(Object.keys(tuning?.depth.msPerQuery ?? {})).toEqual(['present', 'best']);
  });

  it('keeps the present depth where no other one finds more', async () => {
    const { depth } = (await tune(searchBy(({ IMAGE }) => (IMAGE === 2 ? 0 : 1)))) ?? {};
    expect(depth).toMatchObject({ present: 200, best: 200, gain: null, isBetter: false });
  });

  it('calls no depth better that a few questions tell', async () => {
    const few = await tune(
      searchBy((_weights, depth) => (depth > 200 ? 0 : 1)),
      8,
    );
    expect(few?.depth).toMatchObject({ best: 500, gain: { pValue: 1 / 8 }, isBetter: false });
  });

  it('chooses the depth with the weights that will hold', async () => {
    // Depth helps with the better weights alone.
    const both = await tune(searchBy(({ IMAGE }, depth) => (IMAGE === 2 ? (depth > 200 ? 0 : 1) : 3)));
    expect(both).toMatchObject({ isBetter: true, best: { IMAGE: 2 }, depth: { best: 500, isBetter: true } });
    const neither = await tune(
      searchBy(({ IMAGE }, depth) => (IMAGE === 2 ? (depth > 200 ? 0 : 1) : 3)),
      8,
    );
    expect(neither).toMatchObject({ isBetter: false, best: { IMAGE: 2 }, depth: { best: 200, isBetter: false } });
  });

  it('has nothing to say of a corpus without words', async () => {
    expect(
      await tune(
        searchBy(() => 1),
        40,
        new MemoryCorpus(),
      ),
    ).toBeNull();
  });
});
