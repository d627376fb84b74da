import { describe, expect, it } from '@jest/globals';
import { readArticle } from './read-article.js';
import { childOf, findAll } from './xml-queries.js';
import { parseXml } from './xml-tree.js';

describe('findAll', () => {
  const root = parseXml('<a><b n="1"><c n="2"/><b n="3"/></b><c n="4"><d><b n="5"/></d></c><b n="6"/></a>');
  const numbers = (of: typeof root, ...names: readonly string[]) =>
    findAll(of, ...names).map(({ attributes }) => attributes.get('n'));

  it('gives the elements within, at any depth, in the order of the document', () => {
    expect(numbers(root, 'b')).toEqual(['1', '3', '5', '6']);
    expect(numbers(root, 'c', 'b')).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(numbers(root, 'none')).toEqual([]);
  });

  it('gives none of an element around, beside or behind, nor the element itself', () => {
    const [first] = findAll(root, 'b');
    expect(numbers(first ?? root, 'b', 'c')).toEqual(['2', '3']);
    expect(numbers(childOf(root, 'c') ?? root, 'b')).toEqual(['5']);
  });
});

describe('readArticle', () => {
  // Each look through all of them again took 10 s.
  it('reads articles and figures within each other', () => {
    const fig = (n: number) => `<fig id="f${n}"><caption><p>Figure ${n}.</p></caption><graphic href="${n}.jpg"/></fig>`;
    const depth = 120;
    const parts = Array.from({ length: depth }, (_, n) => `<sub-article><body>${fig(n)}<sec><p>text</p></sec>`);
    const xml = `<article>${parts.join('')}${'</body></sub-article>'.repeat(depth)}</article>`;
    expect(readArticle(parseXml(xml)).figures.map(({ caption }) => caption)).toEqual(
      Array.from({ length: depth }, (_, n) => `Figure ${n}.`),
    );
  });

  it('gives a figure within another its own permissions', () => {
    const permissions = '<permissions><license href="https://creativecommons.org/licenses/by/4.0/"/></permissions>';
    const inner = `<fig id="in"><graphic href="2.jpg"/>${permissions}</fig>`;
    const xml = `<article><body><fig id="out"><graphic href="1.jpg"/>${inner}</fig></body></article>`;
    const [out, within] = readArticle(parseXml(xml)).figures;
    expect([out?.permissions, within?.permissions?.license]).toEqual([null, 'CC-BY-4.0']);
  });
});
