import { z } from 'zod';
import { FigseekError } from '../../domain/errors.js';
import type { FigureId } from '../../domain/ids.js';
import { issuesInWords } from '../../domain/issues.js';
import type { KnownItemQuery, QueryClass } from './known-item-query.js';

/** A text as a person would type it, and the figures that this person holds for right answers. */
export interface Judgment {
  readonly text: string;
  /** Ids of figures (`fig_…`), or the ids that their source gave them. */
  readonly relevant: readonly string[];
}

const judgment = z.object({
  text: z.string().trim().min(1).max(4096),
  relevant: z.array(z.string().min(1).max(500)).min(1).max(10_000),
});
const mostNamed = 5;

/** Reads JSON lines of `{"text", "relevant"}`. @throws {FigseekError} BAD_USER_INPUT naming the first line that is none */
export function parseJudgments(content: string): readonly Judgment[] {
  return content.split(/\r?\n/).flatMap((line, i) => {
    if (line.trim() === '') return [];
    const parsed = judgment.safeParse(jsonOrNull(line));
    if (parsed.success) return [parsed.data];
    const expected = 'Expected {"text": "…", "relevant": ["id of a figure", …]}';
    throw new FigseekError('BAD_USER_INPUT', `Line ${i + 1}: ${expected}; ${issuesInWords(parsed.error.issues)}`);
  });
}

/** Judged texts of one kind. */
export interface JudgedTexts extends Pick<QueryClass, 'name' | 'title' | 'explanation'> {
  readonly judgments: readonly Judgment[];
}

/** Questions that a person wrote down. */
export function ownQuestions(judgments: readonly Judgment[]): JudgedTexts {
  return {
    ...{ name: 'judged', title: 'Questions of your own', judgments },
    explanation: 'The texts of the judgments; the figures that they name are right.',
  };
}

/**
 * Judged texts as classes of queries; none where there are no judgments.
 * @param byKey figures by the ids that the judgments name
 * @throws {FigseekError} BAD_USER_INPUT for an id that no figure has
 */
export function judgedClasses(
  given: readonly JudgedTexts[],
  byKey: ReadonlyMap<string, readonly FigureId[]>,
): readonly QueryClass[] {
  const all = given.flatMap(({ judgments }) => judgments.flatMap(({ relevant }) => relevant));
  const absent = all.filter((key) => (byKey.get(key) ?? []).length === 0);
  if (absent.length > 0) {
    const named = absent.slice(0, mostNamed).join(', ');
    const more = absent.length > mostNamed ? ` and ${absent.length - mostNamed} more` : '';
    throw new FigseekError('BAD_USER_INPUT', `The judgments name figures that are not in the corpus: ${named}${more}`);
  }
  return given
    .map(({ judgments, ...texts }): QueryClass => ({
      ...texts,
      kind: 'text',
      queries: judgments.flatMap(({ text, relevant }): KnownItemQuery[] => {
        const wanted = relevant.flatMap((key) => byKey.get(key) ?? []);
        const [figureId] = wanted;
        return figureId === undefined ? [] : [{ asked: { kind: 'text', text }, wanted: new Set(wanted), figureId }];
      }),
    }))
    .filter(({ queries }) => queries.length > 0);
}

function jsonOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
