import type { FigureId } from '../domain/ids.js';
import type { FigureAttributes } from '../ports/figure-attributes.js';

/** The code of a figure without a value. */
export const noValue = 0xffff;

const figuresAtOnce = 5000;

/** A text of each figure as a number: its place among `values`, or `noValue`. */
export interface CodedColumn {
  readonly codes: Uint16Array;
  readonly values: readonly string[];
}

/** Facts of all figures in memory, by the numbers of these. */
export interface FigureColumns {
  readonly idOf: (number: number) => FigureId | null;
  readonly modality: CodedColumn;
  readonly label: CodedColumn;
  readonly collection: CodedColumn;
  /** 0 where it is not known. */
  readonly year: Uint16Array;
}

/** A column whose size is not known yet. */
class GrowingColumn {
  private codes = new Uint16Array(figuresAtOnce).fill(noValue);
  private readonly byValue = new Map<string, number>();

  set(number: number, value: string | null): void {
    if (number >= this.codes.length) {
      const grown = new Uint16Array(Math.ceil(1.5 * (number + 1))).fill(noValue);
      grown.set(this.codes);
      this.codes = grown;
    }
    if (value === null) return;
    const code = this.byValue.get(value) ?? this.byValue.size;
    // More values than codes: later ones count as none.
    if (code >= noValue) return;
    this.byValue.set(value, code);
    this.codes[number] = code;
  }

  get column(): CodedColumn {
    return { codes: this.codes, values: [...this.byValue.keys()] };
  }
}

/** Reads all figures, a part at a time. Memory: about 80 bytes a figure. */
export async function readFigureColumns(attributes: Pick<FigureAttributes, 'list'>): Promise<FigureColumns> {
  const ids: FigureId[] = [];
  const [modality, label, collection] = [new GrowingColumn(), new GrowingColumn(), new GrowingColumn()];
  let year = new Uint16Array(figuresAtOnce);
  for (let after = 0; ;) {
    const part = await attributes.list(after, figuresAtOnce);
    const last = part.at(-1);
    if (last === undefined) break;
    if (last.number >= year.length) {
      const grown = new Uint16Array(Math.ceil(1.5 * (last.number + 1)));
      grown.set(year);
      year = grown;
    }
    for (const one of part) {
      ids[one.number] = one.id;
      modality.set(one.number, one.modality);
      label.set(one.number, one.label);
      collection.set(one.number, one.collectionId);
      year[one.number] = isYear(one.year) ? one.year : 0;
    }
    after = last.number;
  }
  const columns = { modality: modality.column, label: label.column, collection: collection.column };
  return { idOf: (number) => ids[number] ?? null, ...columns, year };
}

function isYear(year: number | null): year is number {
  return year !== null && year > 0 && year < noValue;
}
