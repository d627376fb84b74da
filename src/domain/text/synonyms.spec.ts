import { describe, expect, it } from '@jest/globals';
import { fieldSynonyms } from './field-synonyms.js';
import { parseQuery } from './parse-query.js';
import { Synonyms } from './synonyms.js';

const synonyms = Synonyms.parse([
  { name: 'list', text: '# Hearts\nheart attack = myocardial infarction\nMI > myocardial infarction\n\nheart = cor\n' },
]);
const expand = (text: string): readonly (readonly [string, readonly string[]])[] =>
  synonyms.expand(parseQuery(text)).map((one) => [one.words, one.synonyms]);

describe('Synonyms', () => {
  it.each([
    ['heart attack', [['heart attack', ['myocardial infarction']]]],
    ['Myocardial Infarctions of rats', [['Myocardial Infarctions', ['heart attack']]]],
    ['an MI, acute', [['MI', ['myocardial infarction']]]],
    ['rat heart', [['heart', ['cor']]]],
    [
      'heart attack "of rats" heart',
      [
        ['heart attack', ['myocardial infarction']],
        ['heart', ['cor']],
      ],
    ],
    ['heart attack NOT heart', [['heart attack', ['myocardial infarction']]]],
  ])('of “%s” are %j', (text, expected) => {
    expect(expand(text)).toEqual(expected);
  });

  it.each(['mi', 'attack', '"heart attack"', 'caption:heart', 'heart*', 'heart AND rat', 'heart OR rat', ''])(
    'of “%s” are none',
    (text) => {
      expect(expand(text)).toEqual([]);
    },
  );

  it('of a text without blanks, as long as a query may be, are none', () => {
    expect(expand('heart-'.repeat(700))).toEqual([]);
    expect(expand(`a${'\u0301'.repeat(30)}`.repeat(132))).toEqual([]);
  });

  it('names the line that it cannot read', () => {
    for (const line of ['heart attack', 'a =', '= b', 'a > b = c']) {
      expect(() => Synonyms.parse([{ name: 'mine.txt', text: `a = b\n${line}` }])).toThrow(
        `“${line}” (mine.txt, line 2)`,
      );
    }
  });

  it('has a list of the field, of which every line can be read and none stands twice', () => {
    expect(
      Synonyms.parse([{ name: 'field', text: fieldSynonyms }]).expand(parseQuery('H&E of red blood cells')),
    ).toMatchObject([
      { words: 'H&E', synonyms: ['hematoxylin and eosin', 'haematoxylin and eosin'] },
      { words: 'red blood cells', synonyms: ['RBC', 'erythrocyte'] },
    ]);
    const lines = fieldSynonyms.split('\n').filter((line) => line.trim() !== '');
    expect(new Set(lines).size).toBe(lines.length);
  });
});
