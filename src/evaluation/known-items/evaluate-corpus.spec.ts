import { beforeAll, describe, expect, it } from '@jest/globals';
import { drawnFigure } from '../../../test/support/drawn-figures.js';
import { MemoryCorpus } from '../../../test/support/memory-corpus.js';
import { RecordingReporter } from '../../../test/support/recording-reporter.js';
import { FigseekError } from '../../domain/errors.js';
import { figureIdOf, type FigureId } from '../../domain/ids.js';
import type { Ask } from './ask.js';
import type { OtherSearch } from './compare-settings.js';
import { CorpusEvaluation, type KnownItemEvaluation } from './evaluate-corpus.js';
import { qualityOf } from './way-measures.js';

const count = 20;
const all = Array.from({ length: count }, (_, number) => figureIdOf(`figure-${number}`));
const image = { width: 30, height: 20, data: new Uint8Array(1800).fill(90) };

/** A search that knows ids: it puts the figure of an id first by BM25, third by all channels, and nowhere by vectors. */
const ask: Ask = (content, way, exact) => {
  const right = content.kind === 'text' ? figureIdOf(content.text) : null;
  const others = all.filter((id) => id !== right);
  const placed = (place: number): readonly FigureId[] =>
    right === null ? others : [...others.slice(0, place), right, ...others.slice(place)];
  const places = { KEYWORD: 0, FUSED: 2, CAPTION: count, IMAGE: count };
  const found = way === 'CAPTION' || way === 'IMAGE' ? others : placed(places[way]);
  return Promise.resolve({ found: found.map((id) => [id]), exact: exact === true });
};

describe('an evaluation of a corpus', () => {
  const corpus = new MemoryCorpus();
  beforeAll(async () => {
    for (let number = 0; number < count; number++) {
      const drawn = drawnFigure(number);
      await corpus.writer.replace([{ ...drawn, figure: { ...drawn.figure, caption: '' } }]);
    }
  });

  const run = (
    readImage = () => Promise.resolve(image),
    other: OtherSearch | null = null,
  ): Promise<KnownItemEvaluation> =>
    new CorpusEvaluation(corpus, ask, 'fake', other).run(
      { seed: 'spec', count: 10, judgments: [], readImage },
      new RecordingReporter(),
    );

  it('measures each channel alone and all together against chance', async () => {
    const { classes, figures, queries } = await run();
    expect(figures).toBe(count);
    const ids = classes.find(({ name }) => name === 'record-ids');
    expect(ids).toMatchObject({ queries: 10, wanted: 1 });
    const [fused, words, captions] = ids?.ways ?? [];
    expect(fused).toMatchObject({ way: 'FUSED', medianRank: 3, recallAt1: { mean: 0 }, recallAt5: { mean: 1 } });
    expect(fused?.meanReciprocalRank.mean).toBeCloseTo(1 / 3, 12);
    expect(words).toMatchObject({ way: 'KEYWORD', medianRank: 1, recallAt1: { mean: 1, low: 1, high: 1 } });
    expect(captions).toMatchObject({ way: 'CAPTION', medianRank: null, recallAt50: { mean: 0 } });
    expect(ids?.chance.recallAt1).toBeCloseTo(1 / count, 12);
    expect(ids?.chance.recallAt50).toBe(1);
    expect(ids?.againstKeyword?.difference.mean).toBeCloseTo(-2 / 3, 12);
    // All ten are worse by as much: of 1024 changes of sign two are as large.
    expect(ids?.againstKeyword?.pValue).toBe(2 / 1024);
    const outcomes = queries.filter((one) => one.class === 'record-ids');
    expect(outcomes).toHaveLength(10);
    for (const { ranks } of outcomes) expect(ranks).toEqual({ FUSED: 3, KEYWORD: 1, CAPTION: null, IMAGE: null });
  });

  it('compares texts with other settings, query by query', async () => {
    const settings = { weights: { IMAGE: 2 }, channels: null, depth: null, expand: false };
    // Of half of the ids the other search knows the place, of the rest nothing.
    const knows = (text: string): boolean => Number(text.split('-')[1]) % 2 === 0;
    const other: Ask = (content, way) => ask(content, content.kind === 'text' && knows(content.text) ? way : 'IMAGE');
    const { otherSettings, classes, together, queries } = await run(undefined, { settings, ask: other });
    expect(otherSettings).toEqual(settings);
    const ids = classes.find(({ name }) => name === 'record-ids')?.againstOther;
    const asked = queries.filter((one) => one.class === 'record-ids');
    const lost = asked.filter((one) => !knows(one.asked)).length;
    expect(lost).toBeGreaterThan(1);
    expect(ids).toMatchObject({ better: lost, worse: 0 });
    expect(ids?.difference.mean).toBeCloseTo(lost / asked.length / 3, 12);
    expect(ids?.other).toBeCloseTo((asked.length - lost) / asked.length / 3, 12);
    // All that differ do so in one direction: of 2^lost changes of sign two are as large.
    expect(ids?.pValue).toBe(2 / 2 ** lost);
    for (const one of asked) expect(one.otherRank).toBe(knows(one.asked) ? 3 : null);
    expect(together.find(({ name }) => name === 'all-images')?.againstOther).toBeNull();
    expect((await run()).together.map(({ againstOther }) => againstOther)).toEqual([null, null]);
  });

  it('takes all texts and all images together as well', async () => {
    const { together } = await run();
    expect(together.map(({ name, queries }) => [name, queries])).toEqual([
      ['all-texts', 10],
      ['all-images', 100],
    ]);
  });

  it('leaves out images that cannot be read, and fails for what is not expected', async () => {
    const damaged = await run(() => Promise.reject(new FigseekError('UNSUPPORTED_MEDIA', 'damaged')));
    expect(damaged.together.map(({ name }) => name)).toEqual(['all-texts']);
    await expect(run(() => Promise.reject(new TypeError('a mistake')))).rejects.toThrow('a mistake');
  });
});

describe('an answer', () => {
  const [a, b, c] = all as [FigureId, FigureId, FigureId];

  it('is right where a figure stands for one with the same picture', () => {
    expect(qualityOf([[a], [b, c]], new Set([c]))).toEqual({ rank: 2, rPrecision: 0 });
  });

  it('is perfect where all right figures come first', () => {
    expect(qualityOf([[b], [c], [a]], new Set([c, b]))).toEqual({ rank: 1, rPrecision: 1 });
    expect(qualityOf([[a]], new Set([b]))).toEqual({ rank: null, rPrecision: 0 });
  });
});
