/** What a caption says of one panel. */
export interface CaptionPart {
  /** The letter as the caption writes it, or a word of place (`left`). */
  readonly label: string;
  readonly text: string;
  /** Other labels that share the text: of `(A–C)` each has all three. */
  readonly group: readonly string[];
}

/** A place in the caption where labels stand. */
interface Mark {
  readonly labels: readonly string[];
  readonly start: number;
  readonly end: number;
}

const letter = String.raw`[A-Za-z]`;
const joint = String.raw`\s*(?:[,;&\u2010-\u2015-]|\band\b|\bto\b)+\s*`;
const letters = `${letter}(?:${joint}${letter})*`;
/** `(A)`, `(a–c)`, `(A, B and D)`, also several in a row: `(a) and (b)`. */
const bracketed = new RegExp(String.raw`\(\s*${letters}\s*\)(?:\s*(?:,|and|,\s*and)?\s*\(\s*${letters}\s*\))*`, 'g');
/** `A, ` and `A: ` and `A) ` at the beginning of a sentence; `A. ` only before a capital letter, as species have points too. */
const plain = new RegExp(String.raw`(?<=^|[.;:!?]\s+|\n)${letters}(?:[,:)]\s+|\.\s+(?=\p{Lu}))`, 'gu');

/** Remarks that hold for all panels, behind the last one. */
const remark =
  /^(?:scale bars?|bars?\b|error bars|data (?:are|represent|is)|values|asterisks?|\*|n\s*=|p\s*[<=]|statistic|all (?:data|scale)|abbreviations|doi:|credit|https?:|arrows? (?:indicate|show)|see (?:also|text)|for all|in all|source data|the following figure supplement)/i;

/** Words of place, in the order in which people read. */
const places: readonly (readonly string[])[] = [
  ['top left', 'top right', 'bottom left', 'bottom right'],
  ['upper left', 'upper right', 'lower left', 'lower right'],
  ['left', 'middle', 'right'],
  ['left', 'center', 'right'],
  ['left', 'right'],
  ['top', 'middle', 'bottom'],
  ['top', 'bottom'],
  ['upper', 'middle', 'lower'],
  ['upper', 'lower'],
];

const maxParts = 26;

/**
 * Parts of the caption of a compound figure, in the order of their letters: `(A) …. (B) …`, `A, …`, `(A–C) …`, `… (a) and … (b)`,
 * `Left: …. Right: …`. Letters count from A on; others are references (`as in (A)`) or belong to a list within a part (`(i)`).
 * @returns none where there are fewer than two, or one would be empty
 */
export function captionParts(given: string): readonly CaptionPart[] {
  // Long runs of blanks and commas would be tried from each of their places.
  const caption = given.replace(/\s+/gu, ' ').replace(/,{3,}/gu, ',');
  const styles = [
    () => lettered(marksOf(caption, bracketed, isUpper)),
    () => lettered(marksOf(caption, bracketed, isLower)),
    () => lettered(marksOf(caption, plain, isUpper)),
    () => lettered(marksOf(caption, plain, isLower)),
    ...places.map((words) => () => placed(caption, words)),
  ];
  for (const find of styles) {
    const marks = find();
    const labels = new Set(marks.flatMap((mark) => mark.labels));
    if (labels.size < 2 || labels.size > maxParts) continue;
    const parts = cutAt(caption, marks);
    if (parts.every(({ text }) => text !== '')) return parts;
  }
  return [];
}

const isUpper = (label: string): boolean => label >= 'A' && label <= 'Z';
const isLower = (label: string): boolean => label >= 'a' && label <= 'z';

function marksOf(caption: string, pattern: RegExp, isOfStyle: (label: string) => boolean): readonly Mark[] {
  return [...caption.matchAll(pattern)].flatMap((match): Mark[] => {
    const labels = expand(match[0]);
    const isWhole = labels.length > 0 && labels.every(isOfStyle);
    return isWhole ? [{ labels, start: match.index, end: match.index + match[0].length }] : [];
  });
}

/** `A–C` is A, B and C. */
function expand(mark: string): readonly string[] {
  const found = new Set<string>();
  let before: string | null = null;
  let isRange = false;
  for (const [token] of mark.matchAll(/[A-Za-z]+|[\u2010-\u2015-]/gu)) {
    if (/^(?:and|to)$/i.test(token)) isRange = token.toLowerCase() === 'to';
    else if (!/^[A-Za-z]$/.test(token)) isRange = true;
    else {
      const last: string = token;
      if (isRange && before !== null) for (const one of between(before, last)) found.add(one);
      found.add(last);
      before = last;
      isRange = false;
    }
  }
  return [...found];
}

function between(first: string, last: string): readonly string[] {
  const [from, to] = [first.charCodeAt(0), last.charCodeAt(0)];
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => String.fromCharCode(from + at));
}

/**
 * Marks that begin a part: each brings the first letter that is missing so far, and none that was there; and those that single
 * out letters of the mark before (`(E–G) …. (F) …`).
 */
function lettered(marks: readonly Mark[]): readonly Mark[] {
  const taken: Mark[] = [];
  const seen = new Set<string>();
  let group: readonly string[] = [];
  for (const mark of marks) {
    const [first = ''] = [...mark.labels].sort();
    const isNew = first === missing(seen, first) && mark.labels.every((label) => !seen.has(label));
    const isWithin = mark.labels.length < group.length && mark.labels.every((label) => group.includes(label));
    if (isNew) {
      for (const label of mark.labels) seen.add(label);
      group = mark.labels;
    }
    if (isNew || isWithin) taken.push(mark);
  }
  return taken;
}

/** The first letter that no part has. */
function missing(seen: ReadonlySet<string>, sample: string): string {
  const first = isUpper(sample) ? 'A' : 'a';
  for (let at = 0; at < maxParts; at++) {
    const label = String.fromCharCode(first.charCodeAt(0) + at);
    if (!seen.has(label)) return label;
  }
  return '';
}

/** `Left: …. Right: …`, `Left panel, …`, `(left) …`, each word once and in order. */
function placed(caption: string, words: readonly string[]): readonly Mark[] {
  const marks: Mark[] = [];
  let from = 0;
  for (const word of words) {
    const what = `${word}(?:\\s+(?:panels?|row|column|image|side))?`;
    const mark = new RegExp(String.raw`(?:(?<=^|[.;]\s+)${what}\s*[:,]|\(${what}\))\s*`, 'iu');
    const found = mark.exec(caption.slice(from));
    if (found === null) return [];
    marks.push({ labels: [word], start: from + found.index, end: from + found.index + found[0].length });
    from += found.index + found[0].length;
  }
  return marks;
}

function cutAt(caption: string, marks: readonly Mark[]): readonly CaptionPart[] {
  const own = new Map<string, string>();
  const groups = new Map<string, readonly string[]>();
  const isBehind = marksStandBehind(caption, marks);
  const isList = marks.length > 1 && marks.slice(1).every(({ start }) => !/[.!?:]\s*$/u.test(caption.slice(0, start)));
  for (const [at, { labels, start, end }] of marks.entries()) {
    const text = isBehind
      ? caption.slice(marks[at - 1]?.end ?? 0, start)
      : caption.slice(end, marks[at + 1]?.start ?? caption.length);
    const isLast = at === marks.length - 1;
    const clean = cleanText(isLast && !isBehind ? endOfPart(text, isList) : text);
    for (const label of labels) {
      own.set(label, [own.get(label), clean].filter((one) => one !== undefined && one !== '').join(' '));
      if (!groups.has(label)) groups.set(label, labels);
    }
  }
  return [...own].map(([label, text]) => ({ label, text, group: groups.get(label) ?? [label] }));
}

/** `Red cells (a) and platelets (b).`: words stand before the first mark, and none behind the last. */
function marksStandBehind(caption: string, marks: readonly Mark[]): boolean {
  const [first, last] = [marks[0], marks.at(-1)];
  if (first === undefined || last === undefined) return false;
  return !/[\p{L}\p{N}]/u.test(caption.slice(last.end)) && /[\p{L}\p{N}]/u.test(caption.slice(0, first.start));
}

/**
 * Where the last part ends: before remarks that hold for all panels; where all parts stand in one sentence (`(a) arteries, (b)
 * veins and (c) lungs.`), with that sentence.
 */
function endOfPart(text: string, isList: boolean): string {
  const sentences = text.split(/(?<=[.;!?])\s+/u);
  const end = isList ? 1 : sentences.findIndex((sentence, at) => at > 0 && remark.test(sentence));
  return (end < 0 ? sentences : sentences.slice(0, end)).join(' ');
}

/** Without what joins it to the part before or after. */
function cleanText(text: string): string {
  return text
    .replace(/\s+/gu, ' ')
    .replace(/^[\s,;:.)]+(?:and\s+)?/u, '')
    .replace(/(?:[\s,;]+(?:and|or))?[\s,;(]+$/u, '')
    .trim();
}
