import { decodeHTMLStrict } from 'entities';

// Inline markup of captions and titles: HTML, and JATS, the XML of article archives. Anything else between angle
// brackets is text ("p<0.05 and b>3").
const inlineTags =
  'a abbr b big bold br cite code del div em ext-link font i img ins italic label li mark monospace named-content ol ' +
  'overline p roman s sans-serif sc small span strike strong sub sup styled-content tt u ul underline xref';
const attributes = String.raw`(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>=]+))*?`;
const tag = new RegExp(String.raw`<(\/?)(${inlineTags.split(' ').join('|')})(${attributes})\s*\/?>`, 'giu');
const raised = /<(sup|sub)>([^<>]{1,40})<\/\1>/giu;
const blockTags = new Set(['br', 'div', 'li', 'ol', 'p', 'ul']);

const superscripts: Readonly<Record<string, string>> = lettersOf(
  '0123456789+-=()abcdefghijklmnoprstuvwxyz',
  '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ',
);
const subscripts: Readonly<Record<string, string>> = lettersOf('0123456789+-=()', '₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎');

/**
 * The text that inline markup and HTML entities stand for: `H<sub>2</sub>O` is "H₂O", `10<sup>6</sup>` is "10⁶",
 * `IFN-&gamma;` is "IFN-γ". Entities are decoded twice, as some sources encode them twice.
 * Text without `<` and `&` comes back as it is.
 */
export function readableText(text: string): string {
  if (!/[<&]/.test(text)) return text;
  // Tags may be written as entities ("&lt;i&gt;") by a source that encodes twice.
  return decodeHTMLStrict(withoutTags(decodeHTMLStrict(withoutTags(text))));
}

/** `readableText` of a text that may be absent. */
export function readableTextOrNull(text: string | null): string | null {
  return text === null ? null : readableText(text);
}

function withoutTags(text: string): string {
  if (!text.includes('<')) return text;
  return text
    .replace(/\u00ad/gu, '')
    .replace(raised, (_whole, name: string, content: string) =>
      name.toLowerCase() === 'sub' ? lowered(content) : raisedText(content),
    )
    .replace(tag, (_whole, _slash, name: string) => (blockTags.has(name.toLowerCase()) ? ' ' : ''));
}

/** Superscript characters where Unicode has them; a caret before anything else, so that no word grows by it. */
function raisedText(content: string): string {
  if (/^(?:st|nd|rd|th)$/iu.test(content)) return content;
  const characters = [...content.replace(/[−–]/gu, '-')];
  if (/\p{L}{3}/u.test(content)) return `^${content}`;
  const mapped = characters.map((character) => superscripts[character] ?? character);
  return /[\p{Lu}]/u.test(content) ? `^${content}` : mapped.join('');
}

function lowered(content: string): string {
  return [...content.replace(/[−–]/gu, '-')].map((character) => subscripts[character] ?? character).join('');
}

function lettersOf(from: string, to: string): Readonly<Record<string, string>> {
  const letters = [...to];
  return Object.fromEntries([...from].map((letter, i) => [letter, letters[i] ?? letter]));
}
