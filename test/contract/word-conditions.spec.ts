import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { figureIdOf } from '../../src/domain/ids.js';
import { parseQuery } from '../../src/domain/text/parse-query.js';
import { conditionOf } from '../../src/domain/text/word-condition.js';
import { corpora, type OpenedCorpus } from '../support/corpora.js';
import { drawnArticle, drawnFigure, withArticle } from '../support/drawn-figures.js';

const id = (number: number) => figureIdOf(`figure-${number}`);

function captioned(number: number, caption: string, labels: readonly string[]) {
  const drawn = drawnFigure(number);
  const article = drawnArticle(`article-${number}`, { pmcid: `PMC${100 + number}` });
  return withArticle({ ...drawn, figure: { ...drawn.figure, caption, labels }, embeddings: [] }, article);
}

describe.each(corpora)('words that a query requires, in %s', (_where, open) => {
  let opened: OpenedCorpus;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.close());

  it.each([
    ['"blood smear"', [1]],
    ['"smear blood"', []],
    ['smear -lung', [1, 2]],
    ['-smear', [3]],
    ['blood AND lung', [4]],
    ['blood NOT (lung OR smear)', []],
    ['label:nodule', [2, 3]],
    ['caption:nodule', [3]],
    ['"blood smear" OR "lung nodule"', [1, 3]],
    ['pmcid:PMC102', [2]],
    ['PMC102', [2]],
    ['id:figure-3', [3]],
    [id(3), [3]],
    ['-label:nodule -"blood smear"', [4]],
  ])('allow the figures that hold what the words of %s require', async (text, expected) => {
    const { writer, filters } = opened.stores;
    const captions = ['A blood smear.', 'A smear.', 'A lung nodule.', 'Blood of the lung, a smear.'];
    await writer.replace(
      captions.map((caption, at) => captioned(at + 1, caption, at === 1 || at === 2 ? ['nodule'] : [])),
    );
    const words = conditionOf(parseQuery(text));
    expect(words).not.toBeNull();
    const scope = await filters.resolve({ words, excludeRetracted: false }, await filters.corpus());
    const { items } = await filters.page(scope, 0, 10);
    expect(items.map((item) => item.id)).toEqual(expected.map(id));
    expect(scope.count).toBe(expected.length);
  });
});
