import { expect, it } from '@jest/globals';
import { readableText } from './readable-text.js';

it.each([
  ['H<sub>2</sub>O at 10<sup>6</sup>/ml', 'H₂O at 10⁶/ml'],
  ['IFN-&gamma;&nbsp;secretion &amp; caf&eacute;', 'IFN-γ\u00a0secretion & café'],
  ['TNF&amp;alpha; &lt;i&gt;in situ&lt;/i&gt;', 'TNFα in situ'],
  ['<xref ref-type="fig" rid="f1">Fig. 1</xref><br/>next', 'Fig. 1 next'],
  ['the 5<sup>th</sup> day, Cre<sup>ERT2</sup>, cells<sup>a,b</sup>', 'the 5th day, Cre^ERT2, cellsᵃ,ᵇ'],
  ['for a<b and c>d, n<p and q>1', 'for a<b and c>d, n<p and q>1'],
  ['p < 0.05 & more', 'p < 0.05 & more'],
])('reads %s as %s', (given, text) => {
  expect(readableText(given)).toBe(text);
});
