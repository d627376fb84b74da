import { describe, expect, it } from '@jest/globals';
import { childOf, rawText } from './xml-queries.js';
import { articleLimits, parseXml, XmlTreeBuilder } from './xml-tree.js';

const textOf = (xml: string): string => rawText(parseXml(xml));

describe('parseXml', () => {
  it('reads elements by their local names, with the attributes of any prefix', () => {
    const root = parseXml('<j:article xmlns:x="u"><graphic x:href="a.jpg" id="g" xml:id="other"/></j:article>');
    expect(root.name).toBe('article');
    const graphic = childOf(root, 'graphic');
    expect(graphic?.attributes.get('href')).toBe('a.jpg');
    expect(graphic?.attributes.get('id')).toBe('g');
    expect(graphic?.parent).toBe(root);
  });

  it('reads character references, CDATA and the named characters of HTML', () => {
    expect(textOf('<a>&lt;&#946;&#x2192;&alpha;&nbsp;<![CDATA[<b>]]></a>')).toBe('<β→α\u00a0<b>');
  });

  it('expands no entity of a document type', () => {
    const bomb = '<!DOCTYPE a [<!ENTITY b "12345"><!ENTITY c "&b;&b;&b;"><!ENTITY d SYSTEM "file:///etc/passwd">]>';
    expect(textOf(`${bomb}<a>&c;&d;</a>`)).toBe('&c;&d;');
  });

  it('leaves out the content of elements that nobody asks for', () => {
    const root = parseXml('<a><refs><ref><p>x</p></ref></refs><p>kept</p></a>', new Set(['refs']));
    expect(rawText(root)).toBe('kept');
    expect(childOf(root, 'refs')?.children).toEqual([]);
  });

  it.each([
    ['an element without end', '<a><b></a>'],
    ['no document', '   '],
    ['a second root', '<a/><b/>'],
    ['HTML', '<html><br></html>'],
    ['the middle of a document', '<a>'],
    ['a mark in an attribute', '<a b="<"/>'],
  ])('refuses %s', (_what, xml) => {
    expect(() => parseXml(xml)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });

  it('refuses elements nested deeper than an article has them, also within what is left out', () => {
    const nested = '<b>'.repeat(articleLimits.depth) + '</b>'.repeat(articleLimits.depth);
    const refusal = expect.objectContaining({
      code: 'PAYLOAD_TOO_LARGE',
      message: expect.stringContaining(`more than ${articleLimits.depth} deep`),
    });
    expect(() => parseXml(`<a>${nested}</a>`)).toThrow(refusal);
    expect(() => parseXml(`<a>${nested}</a>`, new Set(['b']))).toThrow(refusal);
  });

  it('refuses more elements and attributes than the limits allow', () => {
    const limited = (xml: string) => () => {
      new XmlTreeBuilder(new Set(), { depth: 9, elements: 3, attributes: 1 }).write(xml);
    };
    expect(limited('<a><b/><b/></a>')).not.toThrow();
    expect(limited('<a><b/><b/><b/></a>')).toThrow('more than 3 elements');
    expect(limited('<a b="1" c="2"/>')).toThrow('more than 1 attributes');
  });

  it('takes a document in pieces of any size', () => {
    const builder = new XmlTreeBuilder();
    for (const letter of '<a b="ü">é&amp;<c/></a>') builder.write(letter);
    expect(rawText(builder.close())).toBe('é&');
  });
});
