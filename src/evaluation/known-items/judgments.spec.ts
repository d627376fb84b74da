import { describe, expect, it } from '@jest/globals';
import { figureIdOf } from '../../domain/ids.js';
import { judgedClasses, ownQuestions, parseJudgments } from './judgments.js';

describe('judgments', () => {
  const [a, b] = [figureIdOf('a'), figureIdOf('b')];
  const byKey = new Map([
    ['a', [a]],
    ['shared', [a, b]],
    [b, [b]],
  ]);

  it('are read line by line', () => {
    const judged = parseJudgments(
      '{"text": " lung ", "relevant": ["a"]}\r\n\n{"text": "heart", "relevant": ["x", "y"]}\n',
    );
    expect(judged).toEqual([
      { text: 'lung', relevant: ['a'] },
      { text: 'heart', relevant: ['x', 'y'] },
    ]);
  });

  it('are refused with the number of the line', () => {
    expect(() => parseJudgments('{"text": "lung", "relevant": ["a"]}\nlung\ta')).toThrow(/^Line 2: Expected/);
    expect(() => parseJudgments('{"text": "lung", "relevant": []}')).toThrow(/^Line 1: .*relevant/);
  });

  it('name figures by their own ids, or by those of their records', () => {
    const own = ownQuestions([
      { text: 'lung', relevant: ['shared'] },
      { text: 'heart', relevant: [b] },
    ]);
    const [judged, ...others] = judgedClasses([own, { ...own, judgments: [] }], byKey);
    expect(others).toEqual([]);
    expect(judged?.queries.map(({ wanted }) => wanted)).toEqual([new Set([a, b]), new Set([b])]);
    expect(judgedClasses([], byKey)).toEqual([]);
  });

  it('of figures that are not there are refused', () => {
    const six = Array.from({ length: 7 }, (_, i) => `absent-${i}`);
    expect(() => judgedClasses([ownQuestions([{ text: 'lung', relevant: ['a', ...six] }])], byKey)).toThrow(
      'not in the corpus: absent-0, absent-1, absent-2, absent-3, absent-4 and 2 more',
    );
  });
});
