import { describe, expect, it } from '@jest/globals';
import { plainText } from './plain-text.js';
import { parseXml } from './xml-tree.js';

const read = (inner: string): string => plainText(parseXml(`<p>${inner}</p>`));

describe('plainText', () => {
  it.each([
    ['CO<sub>2</sub> and 10<sup>−3</sup> M', 'CO₂ and 10⁻³ M'],
    ['V<sub>max</sub> of Na<sup>+</sup>/K<sup>+</sup>', 'Vmax of Na⁺/K⁺'],
    ['in <italic>E. <bold>coli</bold></italic>\n  cells', 'in E. coli cells'],
    [
      'cells<sup><xref ref-type="bibr" rid="r1">12</xref>,<xref ref-type="bibr" rid="r2">13</xref></sup> die',
      'cells [12,13] die',
    ],
    ['(A) one.<break/>(B) two.', '(A) one. (B) two.'],
    ['seen<fn><p>not here</p></fn> in <named-content>mice</named-content>', 'seen in mice'],
    [
      'a picture <inline-graphic href="x"/>of<permissions><copyright-statement>©</copyright-statement></permissions> it',
      'a picture of it',
    ],
    [
      'of <alternatives><tex-math>\\alpha</tex-math><mml:math><mml:mi>α</mml:mi></mml:math><inline-graphic/></alternatives>',
      'of $α$',
    ],
    [
      '<tex-math>\\documentclass[12pt]{minimal} \\usepackage{amsmath} \\begin{document}$$x^2$$\\end{document}</tex-math>',
      '$x^2$',
    ],
    [
      '<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac><mo>=</mo><msup><mi>c</mi><mn>3</mn></msup></math>',
      '$(a + b)/2 = c^3$',
    ],
    ['', ''],
  ])('reads %s', (inner, text) => {
    expect(read(inner)).toBe(text);
  });
});
