import { FigseekError } from '../domain/errors.js';
import { printNote } from './output.js';
import { askYesNo, canAsk } from './prompt-user.js';
import { numbered } from '../domain/numbered.js';

/**
 * Tells how many articles a query finds, and asks whether they are wanted.
 * @param isDecided whether the person has said it already: all of them, or a limit
 * @throws {FigseekError} BAD_USER_INPUT where nobody can be asked
 */
export function confirmArticles(isDecided: boolean): (articles: number) => Promise<boolean> {
  return async (articles) => {
    const count = numbered(articles, 'article');
    printNote(`Europe PMC finds ${count} of PubMed Central with open access`);
    if (articles === 0) return false;
    if (isDecided) return true;
    if (canAsk()) return askYesNo('Fetch their figures?');
    const expected = `expected --yes to take the figures of all ${articles} articles, or --limit N for the first N figures`;
    throw new FigseekError('BAD_USER_INPUT', `Nobody can be asked here; ${expected}`);
  };
}
