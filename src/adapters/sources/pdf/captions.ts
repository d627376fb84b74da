import { unionOf, type PageBox } from './geometry.js';
import { followsLine, joinLines, type TextLine } from './text-lines.js';

/** A block of text that begins as a caption does. */
export interface CaptionBlock {
  /** “Figure 2” or “Fig. S1”, as it is printed. */
  readonly label: string;
  /** What stands behind the label; may be empty. */
  readonly text: string;
  readonly box: PageBox;
}

const start =
  /^(?<label>(?:(?:supplement(?:ary|al)|extended\s+data)\s+)?fig(?:ure|\.)?\s*[a-z]?\d{1,3}[a-z]?)(?<mark>\s*[.:|–—])?\s*(?<rest>.*)$/iu;

/**
 * Captions of a page: a block of lines that begins with “Fig” or “Figure” and a number. A sentence that begins so within a paragraph
 * (“Figure 3 shows”) is none: it stands close below another line, or goes on with a small letter.
 * @param lines of the page, from top to bottom
 */
export function findCaptions(lines: readonly TextLine[]): readonly CaptionBlock[] {
  const starts = lines.filter((line) => isStart(line, lines));
  return starts.map((first) => {
    const taken = [first, ...besideLabel(first, lines)];
    for (const line of lines) {
      const last = taken.at(-1) ?? first;
      if (starts.includes(line) || taken.includes(line) || !followsLine(line, last)) continue;
      taken.push(line);
    }
    const { label = '', rest = '' } = start.exec(joinLines(taken))?.groups ?? {};
    return { label: label.trim(), text: rest.trim(), box: taken.map(({ box }) => box).reduce(unionOf) };
  });
}

function isStart(line: TextLine, lines: readonly TextLine[]): boolean {
  const { mark, rest = '' } = start.exec(line.text)?.groups ?? {};
  if (mark === undefined && !start.test(line.text)) return false;
  if (mark === undefined && /^[\p{Ll},;)\]]/u.test(rest)) return false;
  return !lines.some((other) => other !== line && other.box.top < line.box.top && followsLine(line, other));
}

/** “Fig. 1” alone, with its text at some distance to the right on the same line. */
function besideLabel(first: TextLine, lines: readonly TextLine[]): readonly TextLine[] {
  const { rest = '' } = start.exec(first.text)?.groups ?? {};
  if (rest !== '') return [];
  const middle = (first.box.top + first.box.bottom) / 2;
  const right = lines.find(
    ({ box }) =>
      box.left > first.box.right &&
      box.left - first.box.right < 4 * first.size &&
      box.top < middle &&
      box.bottom > middle,
  );
  return right === undefined ? [] : [right];
}
