import { expect, it } from '@jest/globals';
import { findUnknownKeys } from './record-keys.js';

it.each([
  ['captoin', 'caption'],
  ['Caption', 'caption'],
  ['licence', 'license'],
  ['lables', 'labels'],
  ['pixel_spacing', 'pixelSpacing'],
  ['journal', 'article.journal'],
  ['DOI', 'article.doi'],
  ['titel', 'article.title'],
  ['panel', 'panels'],
  ['subfigures', 'panels'],
  ['boxes', null],
  ['meta', null],
  ['constructor', null],
])('names %s as unknown, and %p as what was meant', (key, meant) => {
  expect(findUnknownKeys({ id: 'a', image: 'a.png', [key]: 'x' })).toEqual([{ key, meant }]);
});

it('looks into the article, and leaves the writer’s own keys alone', () => {
  const own = { extra: { any: 1 }, 'x-lab': 2, modality: null, color: null };
  expect(findUnknownKeys({ id: 'a', article: { title: 'T', jounral: 'J', 'x-a': 1 }, ...own })).toEqual([
    { key: 'article.jounral', meant: 'article.journal' },
  ]);
});

it('looks into panels and their boxes, and names a key once a record', () => {
  const panels = [
    { box: { x: 0, unit: 'px' }, captoin: 'a', 'x-mine': 1 },
    { bbox: [1], legend: 'b', captoin: 'c', color: 'red', score: null },
    'text',
  ];
  expect(findUnknownKeys({ id: 'a', panels })).toEqual([
    { key: 'panels.captoin', meant: 'panels.caption' },
    { key: 'panels.bbox', meant: 'panels.box' },
    { key: 'panels.legend', meant: 'panels.caption' },
    { key: 'panels.color', meant: null },
    { key: 'panels.box.unit', meant: null },
  ]);
});

it('names the source where the article is read in its place', () => {
  const title = { title: 'T' };
  expect(findUnknownKeys({ article: title, source: title })).toEqual([{ key: 'source', meant: 'article' }]);
});

it.each([null, 7, 'text', [{ id: 'a' }]])('finds no keys in %j', (value) => {
  expect(findUnknownKeys(value)).toEqual([]);
});
