import { FigseekError } from '../domain/errors.js';
import type { KnownItemArguments } from './eval-known-items.js';
import type { LabeledArguments } from './eval-labeled.js';
import type { SetArguments } from './eval-set.js';

export type EvalArguments = KnownItemArguments & LabeledArguments & Partial<Pick<SetArguments, 'set' | 'limit'>>;

/** What is evaluated: a corpus, a labeled set, the search over a labeled set, or a public set. */
type Kind =
  'a corpus (no FILE)' | 'a labeled set (FILE)' | 'a labeled set with --search' | 'a public set (FOLDER --set)';

const labeled: Kind = 'a labeled set (FILE)';
const searched: Kind = 'a labeled set with --search';
const corpus: Kind = 'a corpus (no FILE)';
const published: Kind = 'a public set (FOLDER --set)';

/** The kinds that read an option; an option that is not named is read by all. */
const readers: Partial<Record<keyof EvalArguments, readonly Kind[]>> = {
  split: [labeled, searched, published],
  query: [labeled, searched],
  search: [labeled, searched],
  withhold: [searched],
  prompts: [labeled],
  against: [labeled],
  judgments: [corpus],
  againstWeights: [corpus, searched],
  againstChannels: [corpus, searched],
  againstDepth: [corpus, searched],
  againstNoExpand: [corpus, searched],
  samples: [corpus],
  set: [published],
  limit: [published],
};
const usualSplit = 'all';

/** An option that nothing would read is a mistake. @throws {FigseekError} BAD_USER_INPUT */
export function refuseUnread(file: string | undefined, options: EvalArguments): void {
  const kind = kindOf(file, options);
  for (const [name, kinds] of Object.entries(readers)) {
    const value = options[name as keyof EvalArguments];
    if (value === undefined || value === usualSplit || kinds.includes(kind)) continue;
    throw new FigseekError(
      'BAD_USER_INPUT',
      `Expected --${optionOf(name)} for ${kinds.join(' or ')} but received it for ${kind}`,
    );
  }
}

function kindOf(file: string | undefined, { set, search }: EvalArguments): Kind {
  if (file === undefined) return corpus;
  if (set !== undefined) return published;
  return search === true ? searched : labeled;
}

/** The name as it is typed: “against-weights” for “againstWeights”. */
function optionOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
