import { givenNameFirst, toReference, type Reference } from './reference.js';

const tagLine = /^\s*(?<tag>[A-Z][A-Z0-9]) {1,2}- ?(?<value>.*)$/;

/** Entries of a RIS file; a line without a tag goes on with the one before. */
export function parseRis(text: string): readonly Reference[] {
  const references: Reference[] = [];
  let fields = new Map<string, string[]>();
  let last: string[] | null = null;
  const close = (): void => {
    const reference = toEntry(fields);
    if (reference !== null) references.push(reference);
    fields = new Map();
    last = null;
  };
  for (const line of text.split(/\r\n|[\r\n]/)) {
    const { tag, value = '' } = tagLine.exec(line)?.groups ?? {};
    if (tag === 'ER') close();
    else if (tag !== undefined) {
      if (tag === 'TY') close();
      last = fields.get(tag) ?? [];
      last.push(value.trim());
      fields.set(tag, last);
    } else if (last !== null && line.trim() !== '') last.push(`${last.pop() ?? ''} ${line.trim()}`.trim());
  }
  close();
  return references;
}

function toEntry(fields: ReadonlyMap<string, readonly string[]>): Reference | null {
  const all = (...tags: readonly string[]) =>
    tags.flatMap((tag) => fields.get(tag) ?? []).filter((value) => value !== '');
  const first = (...tags: readonly string[]) => all(...tags)[0] ?? null;
  return toReference({
    title: first('TI', 'T1', 'CT'),
    authors: all('AU', 'A1').map(givenNameFirst),
    journal: first('JF', 'T2', 'JO', 'JA'),
    date: first('PY', 'Y1', 'DA'),
    doi: first('DO'),
    pmid: null,
    pmcid: null,
    url: first('UR'),
    notes: all('AN', 'C2', 'N1', 'ID').join('\n'),
    files: all('L1', 'L2', 'L4'),
  });
}
