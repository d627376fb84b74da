import { formulaText } from './formula-text.js';
import { childOf, childrenOf, collapse, isElement, rawText } from './xml-queries.js';
import type { XmlElement } from './xml-tree.js';

/** What stands within a text and is no part of its words. */
const notText: ReadonlySet<string> = new Set([
  'alt-text',
  'copyright-statement',
  'fig',
  'fig-group',
  'fn',
  'graphic',
  'index-term',
  'inline-graphic',
  'inline-media',
  'long-desc',
  'media',
  'object-id',
  'permissions',
  'related-object',
  'supplementary-material',
  'table-wrap',
]);

/** Elements that end a line of the print: the words before and after are not one word. */
const blocks: ReadonlySet<string> = new Set([
  'break',
  'def',
  'def-item',
  'disp-formula',
  'disp-quote',
  'label',
  'list-item',
  'p',
  'sec',
  'speech',
  'td',
  'term',
  'th',
  'title',
  'tr',
  'verse-line',
]);

const raised = new Map([...'0123456789+-−=()n'].map((plain, at) => [plain, [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ'][at] ?? plain]));
const lowered = new Map([...'0123456789+-−=()'].map((plain, at) => [plain, [...'₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎'][at] ?? plain]));

/** Stands before each mark of a reference that `markedText` is asked to show: no text has it. */
export const referenceMark = '\uE000';

/**
 * Text without markup: H₂O and 10⁻³ where Unicode has the characters (else `Vmax`), formulas between `$`, numbers of
 * references that are raised in the print as `[12]`, white space made single.
 */
export function plainText(element: XmlElement | null): string {
  return element === null ? '' : markedText(element, () => false);
}

/** The same, with `referenceMark` before each cross-reference that `isMarked` accepts. */
export function markedText(element: XmlElement, isMarked: (xref: XmlElement) => boolean): string {
  const written: string[] = [];
  for (const child of element.children) written.push(isElement(child) ? write(child, isMarked) : child);
  return collapse(written.join(''));
}

function write(element: XmlElement, isMarked: (xref: XmlElement) => boolean): string {
  const { name } = element;
  if (notText.has(name)) return name === 'fig' ? ' ' : '';
  if (name === 'alternatives') return writeBestOf(element, isMarked);
  if (name === 'math' || name === 'tex-math') return `$${formulaText(element)}$`;
  if (name === 'xref' && isMarked(element)) return referenceMark + writeChildren(element, isMarked);
  const inner = writeChildren(element, isMarked);
  if (name === 'sup') return citesOnly(element) ? ` [${inner.trim()}]` : changed(inner, raised);
  if (name === 'sub') return changed(inner, lowered);
  return blocks.has(name) ? ` ${inner} ` : inner;
}

function writeChildren(element: XmlElement, isMarked: (xref: XmlElement) => boolean): string {
  return element.children.map((child) => (isElement(child) ? write(child, isMarked) : child)).join('');
}

/** One of several forms of the same: MathML, which is read in full, before TeX, before others. */
function writeBestOf(alternatives: XmlElement, isMarked: (xref: XmlElement) => boolean): string {
  const best =
    childOf(alternatives, 'math') ??
    childOf(alternatives, 'tex-math') ??
    childrenOf(alternatives).find(({ name }) => !notText.has(name));
  return best === undefined ? '' : write(best, isMarked);
}

function changed(text: string, characters: ReadonlyMap<string, string>): string {
  const letters = [...text];
  const all = letters.map((letter) => characters.get(letter));
  return letters.length > 0 && all.every((letter) => letter !== undefined) ? all.join('') : text;
}

/** Whether raised characters are numbers of references, as `cells<sup><xref ref-type="bibr">12</xref></sup>`. */
function citesOnly(sup: XmlElement): boolean {
  const xrefs = childrenOf(sup, 'xref');
  const others = sup.children.filter((child) => !isElement(child) || child.name !== 'xref');
  const between = others.map((child) => (isElement(child) ? rawText(child) : child)).join('');
  return xrefs.some((xref) => xref.attributes.get('ref-type') === 'bibr') && /^[\s,;–—-]*$/.test(between);
}
