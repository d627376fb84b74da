import { childrenOf, collapse, isElement, rawText } from './xml-queries.js';
import type { XmlElement } from './xml-tree.js';

/** A formula in a line of text: `(a + b) / c²` of MathML's fraction, TeX as it is written without its preamble. */
export function formulaText(formula: XmlElement): string {
  return collapse(formula.name === 'tex-math' ? bodyOfTex(rawText(formula)) : lineOf(formula)).replace(
    /^\$+|\$+$/g,
    '',
  );
}

/** Publishers wrap each formula into a document of its own. */
function bodyOfTex(tex: string): string {
  const body = /\\begin\{document\}([\s\S]*?)\\end\{document\}/.exec(tex)?.[1] ?? tex;
  return body
    .replace(/^\s*\$+|\$+\s*$/g, '')
    .replace(/\\(?:documentclass|usepackage|setlength)(?:\[[^\]]*\])?(?:\{[^}]*\})*/g, ' ');
}

/** How elements of MathML (W3C, MathML 3.0, chapter 3) stand in a line. */
function lineOf(element: XmlElement): string {
  const parts = childrenOf(element).filter(({ name }) => name !== 'annotation' && name !== 'annotation-xml');
  const at = (place: number): string => {
    const part = parts[place];
    return part === undefined ? '' : lineOf(part);
  };
  switch (element.name) {
    case 'mfrac':
      return `${grouped(at(0))}/${grouped(at(1))}`;
    case 'msup':
    case 'mover':
      return `${at(0)}^${grouped(at(1))}`;
    case 'msub':
    case 'munder':
      return `${at(0)}_${grouped(at(1))}`;
    case 'msubsup':
    case 'munderover':
      return `${at(0)}_${grouped(at(1))}^${grouped(at(2))}`;
    case 'msqrt':
      return `√${grouped(parts.map(lineOf).join(''))}`;
    case 'mo': {
      const operator = collapse(rawText(element));
      return /^[=<>≤≥≈+−±×·→∼~-]$/.test(operator) ? ` ${operator} ` : operator;
    }
    default:
      return parts.length > 0
        ? element.children.map((child) => (isElement(child) ? lineIfKept(child) : child.trim())).join('')
        : collapse(rawText(element));
  }
}

function lineIfKept(element: XmlElement): string {
  return element.name.startsWith('annotation') ? '' : lineOf(element);
}

function grouped(part: string): string {
  const text = part.trim();
  return /^[\p{L}\p{N}.,]*$/u.test(text) ? text : `(${text})`;
}
