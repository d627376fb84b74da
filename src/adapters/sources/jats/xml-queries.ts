import type { XmlElement, XmlNode } from './xml-tree.js';

export function isElement(node: XmlNode): node is XmlElement {
  return typeof node !== 'string';
}

/** Child elements, all or those of a name. */
export function childrenOf(element: XmlElement, name?: string): readonly XmlElement[] {
  return element.children.filter(isElement).filter((child) => name === undefined || child.name === name);
}

/** The first element along a path of names of children. */
export function childOf(element: XmlElement, ...path: readonly string[]): XmlElement | null {
  let found: XmlElement | null = element;
  for (const name of path) {
    if (found === null) return null;
    found = found.children.filter(isElement).find((child) => child.name === name) ?? null;
  }
  return found;
}

/** Elements of given names within, in the order of the document; the element itself is not among them. */
export function findAll(element: XmlElement, ...names: readonly string[]): readonly XmlElement[] {
  const [first = [], ...others] = names.map((name) => withinOf(element, name));
  return others.length === 0 ? first : [...first, ...others.flat()].sort((a, b) => a.place - b.place);
}

function withinOf({ place, lastPlace, byName }: XmlElement, name: string): readonly XmlElement[] {
  const all = byName.get(name) ?? [];
  return all.slice(firstBehind(all, place), firstBehind(all, lastPlace));
}

/** Index of the first element whose place is greater. */
function firstBehind(elements: readonly XmlElement[], place: number): number {
  let [low, high] = [0, elements.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((elements[middle]?.place ?? 0) > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The elements around an element, the nearest first. */
export function* ancestorsOf(element: XmlElement): Generator<XmlElement> {
  for (let parent = element.parent; parent !== null; parent = parent.parent) yield parent;
}

/** The nearest element around that has one of the names. */
export function nearestAncestor(element: XmlElement, ...names: readonly string[]): XmlElement | null {
  for (const ancestor of ancestorsOf(element)) if (names.includes(ancestor.name)) return ancestor;
  return null;
}

/** All characters within, as they stand. */
export function rawText(element: XmlElement): string {
  return element.children.map((child) => (isElement(child) ? rawText(child) : child)).join('');
}

/** All characters within, white space made single. */
export function simpleText(element: XmlElement | null): string {
  return element === null ? '' : collapse(rawText(element));
}

export function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
