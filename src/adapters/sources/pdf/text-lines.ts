import { heightOf, multiply, unionOf, type Matrix, type PageBox } from './geometry.js';

/** What pdf.js gives of a piece of text. */
export interface TextPiece {
  readonly str: string;
  readonly transform: readonly number[];
  readonly width: number;
}

/** A line of one column. */
export interface TextLine {
  readonly box: PageBox;
  /** Of its largest font, in points. */
  readonly size: number;
  readonly text: string;
}

interface Piece {
  readonly box: PageBox;
  readonly size: number;
  readonly text: string;
}

/** A gap of more than this many font sizes within a row lies between columns. */
const columnGap = 1.5;
const wordGap = 0.15;

/**
 * The lines of a page from its pieces of text, from top to bottom. Text that is not level is left out.
 * @param view from the page's units to points from its upper left corner
 */
export function toLines(pieces: readonly TextPiece[], view: Matrix): readonly TextLine[] {
  const level = pieces.flatMap((piece) => toPiece(piece, view)).sort((a, b) => b.size - a.size);
  const rows: { box: PageBox; pieces: Piece[] }[] = [];
  for (const piece of level) {
    const middle = (piece.box.top + piece.box.bottom) / 2;
    const row = rows.find(({ box }) => middle > box.top && middle < box.bottom);
    if (row === undefined) rows.push({ box: piece.box, pieces: [piece] });
    else row.pieces.push(piece);
  }
  return rows.flatMap((row) => splitRow(row.pieces)).sort((a, b) => a.box.top - b.box.top || a.box.left - b.box.left);
}

function toPiece({ str, transform, width }: TextPiece, view: Matrix): readonly Piece[] {
  if (str.trim() === '') return [];
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = transform;
  const [ta, tb, tc, td, left, base] = multiply(view, [a, b, c, d, e, f]);
  const size = Math.hypot(tc, td);
  if (!(size > 0) || !Number.isFinite(left + base + size + width)) return [];
  const isLevel = Math.abs(tb) < 0.05 * Math.abs(ta) && ta > 0;
  if (!isLevel) return [];
  return [{ box: { left, top: base - 0.8 * size, right: left + width, bottom: base + 0.2 * size }, size, text: str }];
}

function splitRow(pieces: readonly Piece[]): readonly TextLine[] {
  const lines: TextLine[] = [];
  for (const piece of [...pieces].sort((a, b) => a.box.left - b.box.left)) {
    const line = lines.at(-1);
    const gap = line === undefined ? Infinity : piece.box.left - line.box.right;
    if (line === undefined || gap > columnGap * Math.max(line.size, piece.size)) lines.push(piece);
    else {
      const space = gap > wordGap * piece.size && !/\s$/.test(line.text) && !/^\s/.test(piece.text) ? ' ' : '';
      const size = Math.max(line.size, piece.size);
      lines[lines.length - 1] = { box: unionOf(line.box, piece.box), size, text: line.text + space + piece.text };
    }
  }
  return lines.map((line) => ({ ...line, text: line.text.replace(/\s+/g, ' ').trim() }));
}

/** Lines as running text; a word that is divided at the end of a line is one word again. */
export function joinLines(lines: readonly TextLine[]): string {
  return lines
    .map(({ text }) => text)
    .reduce((before, text) => {
      if (/\u00AD$/.test(before)) return before.slice(0, -1) + text;
      if (/\p{Ll}-$/u.test(before) && /^\p{Ll}/u.test(text)) return before.slice(0, -1) + text;
      return /[-–]$/.test(before) ? before + text : `${before} ${text}`;
    }, '')
    .trim();
}

/** Whether a line stands close below another one, as lines of one paragraph do. */
export function followsLine(line: TextLine, before: TextLine): boolean {
  const gap = line.box.top - before.box.bottom;
  const isSameSize = Math.abs(line.size - before.size) < 0.12 * before.size;
  const overlaps = line.box.left < before.box.right && before.box.left < line.box.right;
  return isSameSize && overlaps && gap > -0.5 * heightOf(before.box) && gap < 0.7 * before.size;
}
