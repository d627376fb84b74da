import { latexToText } from './latex-text.js';
import { givenNameFirst, toReference, type Reference } from './reference.js';

/** Each value that has no end is looked for in the whole rest of the file: after so many the file is given up. */
const maxUnclosed = 100;

/** Reads the values of BibTeX: `{…}`, `"…"`, numbers and names of `@string`, joined by `#`. */
class Reader {
  private at = 0;
  /** How many values without an end were found. */
  private unclosed = 0;
  private readonly strings = new Map<string, string>();

  constructor(private readonly text: string) {}

  /** The next entry with its fields; null at the end. What is no entry is passed over. */
  next(): ReadonlyMap<string, string> | null {
    for (;;) {
      const start = this.text.indexOf('@', this.at);
      if (start < 0) return null;
      this.at = start + 1;
      const kind = this.match(/[A-Za-z]+/y)?.toLowerCase();
      if (kind === undefined || this.match(/\s*[{(]/y) === null || kind === 'comment' || kind === 'preamble') continue;
      if (kind === 'string') {
        for (const [name, value] of this.fields()) this.strings.set(name, value);
        continue;
      }
      this.match(/[^,}]*/y);
      return this.fields();
    }
  }

  private fields(): ReadonlyMap<string, string> {
    const fields = new Map<string, string>();
    for (;;) {
      const name = this.match(/[\s,]*([A-Za-z][\w:.-]*)\s*=\s*/y, 1);
      if (name === null) break;
      const value = this.value();
      if (value === null) break;
      fields.set(name.toLowerCase(), value);
    }
    return fields;
  }

  private value(): string | null {
    let value: string | null = null;
    do {
      const part = this.part();
      if (part === null) return value;
      value = (value ?? '') + part;
    } while (this.match(/\s*#\s*/y) !== null);
    return value;
  }

  private part(): string | null {
    const open = this.text[this.at];
    if (open === '{' || open === '"') return this.delimited(open === '{' ? '}' : '"');
    const word = this.match(/[\w:.-]+/y);
    return word === null ? null : (this.strings.get(word.toLowerCase()) ?? word);
  }

  /** Up to the closing mark that stands outside of inner braces. Where there is none, the entries behind the opening one are read. */
  private delimited(close: string): string | null {
    const start = ++this.at;
    for (let depth = 0; this.at < this.text.length; this.at++) {
      const sign = this.text[this.at];
      if (sign === '\\') this.at++;
      else if (sign === close && depth === 0) return this.text.slice(start, this.at++);
      else if (sign === '{') depth++;
      else if (sign === '}') depth--;
    }
    if (++this.unclosed <= maxUnclosed) this.at = start;
    return null;
  }

  private match(pattern: RegExp, group = 0): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return null;
    this.at = pattern.lastIndex;
    return found[group] ?? null;
  }
}

/** Entries of a BibTeX or BibLaTeX file. */
export function parseBibtex(text: string): readonly Reference[] {
  const reader = new Reader(text);
  const references: Reference[] = [];
  for (let entry = reader.next(); entry !== null; entry = reader.next()) {
    const reference = toEntry(entry);
    if (reference !== null) references.push(reference);
  }
  return references;
}

function toEntry(fields: ReadonlyMap<string, string>): Reference | null {
  const first = (...names: readonly string[]): string | null => {
    const found = names.map((name) => latexToText(fields.get(name) ?? '')).find((value) => value !== '');
    return found ?? null;
  };
  const authors = (fields.get('author') ?? '').split(/\s+and\s+/);
  return toReference({
    title: first('title'),
    authors: authors.map((name) => givenNameFirst(latexToText(name))).filter((name) => name !== ''),
    journal: first('journal', 'journaltitle', 'shortjournal', 'booktitle'),
    date: first('year', 'date'),
    doi: first('doi'),
    pmid: first('pmid'),
    pmcid: first('pmcid'),
    url: first('url'),
    notes: first('note', 'annote', 'extra') ?? '',
    files: filesOf(fields.get('file') ?? ''),
  });
}

/** `Full Text:files/1/a.pdf:application/pdf;…` as Zotero and JabRef write it, or a path alone. */
function filesOf(value: string): readonly string[] {
  return value
    .split(/(?<!\\);/)
    .map((entry) => entry.split(/(?<!\\):/))
    .map((parts) => (parts.length >= 3 ? (parts[1] ?? '') : parts.join(':')))
    .map((path) => path.replace(/\\([:;\\_&%$#{}])/g, '$1').trim())
    .filter((path) => path !== '');
}
