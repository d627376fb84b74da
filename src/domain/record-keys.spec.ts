import { expect, it } from '@jest/globals';
import { unknownKeysOf } from './record-keys.js';

it.each([
  ['captoin', 'caption'],
  ['Caption', 'caption'],
  ['licence', 'license'],
  ['lables', 'labels'],
  ['pixel_spacing', 'pixelSpacing'],
  ['journal', 'article.journal'],
  ['DOI', 'article.doi'],
  ['titel', 'article.title'],
  ['boxes', null],
  ['meta', null],
  ['constructor', null],
])('names %s as unknown, and %p as what was meant', (key, meant) => {
  expect(unknownKeysOf({ id: 'a', image: 'a.png', [key]: 'x' })).toEqual([{ key, meant }]);
});

it('looks into the article, and leaves the writer’s own keys alone', () => {
  const own = { extra: { any: 1 }, 'x-lab': 2, modality: null, colour: null };
  expect(unknownKeysOf({ id: 'a', article: { title: 'T', jounral: 'J', 'x-a': 1 }, ...own })).toEqual([
    { key: 'article.jounral', meant: 'article.journal' },
  ]);
});

it('names the source where the article is read in its place', () => {
  const title = { title: 'T' };
  expect(unknownKeysOf({ article: title, source: title })).toEqual([{ key: 'source', meant: 'article' }]);
});

it.each([null, 7, 'text', [{ id: 'a' }]])('finds no keys in %j', (value) => {
  expect(unknownKeysOf(value)).toEqual([]);
});
