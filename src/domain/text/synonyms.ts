import { FigseekError } from '../errors.js';
import { foldWord } from './fold-text.js';
import type { QueryLeaf, QueryNode } from './parse-query.js';

/** Words of a query that have others of the same meaning. */
export interface Expansion {
  /** As they were typed. */
  readonly words: string;
  /** Each to be found as it stands, like a phrase. */
  readonly synonyms: readonly string[];
  /** The single words of the query that these are. */
  readonly leaves: readonly QueryLeaf[];
}

interface Entry {
  readonly synonyms: readonly string[];
  /** For abbreviations with several meanings: as they have to be typed; null where case does not matter. */
  readonly exact: string | null;
}

interface TypedWord {
  readonly text: string;
  readonly leaf: QueryLeaf;
}

const maxWords = 6;
const maxExpansions = 4;
/** Of a word of the query, with what joins it: a longer one is no entry of a list. */
const maxLeafLength = 200;
const comment = /^\s*(?:#.*)?$/;

/**
 * A list of words that mean the same. Each line is a group, as `heart attack = myocardial infarction`; behind `MI > myocardial
 * infarction` the first is an abbreviation that may mean something else: it finds the others where it is typed in these letters,
 * and they do not find it.
 */
export class Synonyms {
  private constructor(private readonly entries: ReadonlyMap<string, readonly Entry[]>) {}

  /**
   * @param lists texts of lines, each with the name that an error gives it
   * @throws {FigseekError} BAD_USER_INPUT naming the line that cannot be read
   */
  static parse(lists: readonly { readonly name: string; readonly text: string }[]): Synonyms {
    const entries = new Map<string, Entry[]>();
    for (const { name, text } of lists) {
      for (const [at, line] of text.split(/\r?\n/u).entries()) {
        if (comment.test(line)) continue;
        for (const [words, entry] of entriesOf(line, `${name}, line ${at + 1}`)) {
          const key = keyOf(wordsOf(words));
          entries.set(key, [...(entries.get(key) ?? []), entry]);
        }
      }
    }
    return new Synonyms(entries);
  }

  /** What the plain words of a query mean in other words; nothing for phrases, fields, and words that an operator binds. */
  expand(query: QueryNode): readonly Expansion[] {
    const expansions: Expansion[] = [];
    for (const run of plainRuns(query)) {
      for (let at = 0; at < run.length;) {
        const found = this.longest(run.slice(at, at + maxWords));
        if (found !== null && expansions.length < maxExpansions) expansions.push(found.expansion);
        at += found?.length ?? 1;
      }
    }
    return expansions;
  }

  private longest(words: readonly TypedWord[]): { readonly length: number; readonly expansion: Expansion } | null {
    for (let length = words.length; length > 0; length--) {
      const typed = words.slice(0, length);
      const known = this.entries.get(keyOf(typed.map((word) => word.text)));
      if (known === undefined) continue;
      const leaves = [...new Set(typed.map(({ leaf }) => leaf))];
      const text = trimmed(leaves.map((leaf) => leaf.text).join(' '));
      const synonyms = known.flatMap((entry) => (entry.exact === null || entry.exact === text ? entry.synonyms : []));
      if (synonyms.length > 0) {
        return { length, expansion: { words: text, synonyms: [...new Set(synonyms)], leaves } };
      }
    }
    return null;
  }
}

function entriesOf(line: string, place: string): readonly (readonly [string, Entry])[] {
  const isOneWay = line.includes('>');
  const groups = line.split(isOneWay ? '>' : '=').map((words) => words.trim());
  const isRead =
    groups.length > 1 && groups.every((words) => wordsOf(words).length > 0) && !(isOneWay && line.includes('='));
  if (!isRead) {
    throw new FigseekError(
      'BAD_USER_INPUT',
      `Expected words with = or > between them, as “heart attack = myocardial infarction”, but received “${line}” (${place})`,
    );
  }
  const [first = '', ...others] = groups;
  if (isOneWay) return [[first, { synonyms: others, exact: first }]];
  return groups.map((words) => [words, { synonyms: groups.filter((other) => other !== words), exact: null }]);
}

/** Plain words that stand side by side, in a text where nothing binds them. */
function plainRuns(node: QueryNode): readonly (readonly TypedWord[])[] {
  const parts = node.kind === 'list' ? node.parts : [node];
  const runs: TypedWord[][] = [[]];
  for (const part of parts) {
    if (part.kind === 'word' && part.field === null && !part.prefix && part.text.length <= maxLeafLength) {
      runs.at(-1)?.push(...wordsOf(part.text).map((text) => ({ text, leaf: part })));
    } else {
      runs.push([]);
    }
  }
  return runs;
}

/** Without the marks around it. */
function trimmed(text: string): string {
  return text.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
}

function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Case, accents and a plural's s do not count. */
function keyOf(words: readonly string[]): string {
  return words.map((word) => foldWord(word).replace(/(?<=\p{L}{3}[^s])s$/u, '')).join(' ');
}
