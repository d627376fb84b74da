import { quoted } from '../app/advice.js';
import type { SearchInfo } from '../domain/search.js';

/** A search as it was typed, and what its answer says. */
interface EmptySearch {
  /** What stands behind the name of the program. */
  readonly args: readonly string[];
  readonly text: string | null;
  readonly hasFilter: boolean;
  readonly info: Pick<SearchInfo, 'unconstrainedText'>;
}

/**
 * Says that no figure holds what a text requires, with the command that searches for its words alone.
 * @returns null where the answer is not empty for that reason
 */
export function unconstrainedSearch({ args, text, hasFilter, info }: EmptySearch): string | null {
  if (text === null || info.unconstrainedText === null) return null;
  const figures = hasFilter ? 'figure that the filter allows' : 'figure';
  const command = ['npx', 'figseek', ...withText(args, text, info.unconstrainedText)].map(quoted).join(' ');
  return `No ${figures} holds what the query requires; this searches for its words alone: ${command}`;
}

/** Says which words were looked for as well. @returns null where there are none */
export function describeExpansions(expansions: SearchInfo['expansions']): string | null {
  if (expansions.length === 0) return null;
  const each = expansions.map(({ words, synonyms }) => `${synonyms.join(', ')} (${words})`);
  return `Also looked for: ${each.join('; ')}. --no-expand looks for your words alone.`;
}

/**
 * Says that a word is in no caption, with the command that searches for one that is.
 * @returns null where there is no better spelling
 */
export function suggestedSearch(args: readonly string[], text: string | null, suggested: string | null): string | null {
  if (text === null || suggested === null) return null;
  const command = ['npx', 'figseek', ...withText(args, text, suggested)].map(quoted).join(' ');
  return `Did you mean “${suggested}”? ${command}`;
}

function withText(args: readonly string[], text: string, other: string): readonly string[] {
  const at = args.lastIndexOf(text);
  const [before, after] = [args.slice(0, at), args.slice(at + 1)];
  // A text that begins with a minus would be read as an option.
  const looksLikeOption = other.startsWith('-') && !before.includes('--');
  return looksLikeOption ? [...before, ...after, '--', other] : [...before, other, ...after];
}
