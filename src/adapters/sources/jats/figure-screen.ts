import { stemmer } from 'stemmer';
import { FigseekError } from '../../../domain/errors.js';
import { analyzeText } from '../../../domain/text/analyze-text.js';
import type { ArticleFigure } from './figures.js';
import type { JatsArticle } from './read-article.js';

/** Which figures of articles are taken; of each list one must fit, and an absent list asks for nothing. */
export interface FigureScreening {
  /** Types as JATS has them: `research-article`, `case-report`. */
  readonly articleTypes?: readonly string[] | undefined;
  /** Codes of licenses; one without version stands for all of its versions. */
  readonly licenses?: readonly string[] | undefined;
  /** Words or phrases, one of which stands in the caption or in a sentence that mentions the figure. */
  readonly words?: readonly string[] | undefined;
}

/** Why a figure is left out, by what its article says of it; null for one that is taken. No picture is needed for that. */
export type FigureScreen = (article: JatsArticle, figure: ArticleFigure) => string | null;

export const takeAllFigures: FigureScreen = () => null;

/** @throws {FigseekError} BAD_USER_INPUT for a list that nothing could fit */
export function figureScreen({ articleTypes, licenses, words }: FigureScreening): FigureScreen {
  const screens = [
    ...(articleTypes === undefined ? [] : [byType(expectTexts(articleTypes, 'types of articles'))]),
    ...(licenses === undefined ? [] : [byLicense(expectTexts(licenses, 'codes of licenses'))]),
    ...(words === undefined ? [] : [byWords(expectTexts(words, 'words'))]),
  ];
  return (article, figure) => {
    for (const screen of screens) {
      const reason = screen(article, figure);
      if (reason !== null) return `screened out: ${reason}`;
    }
    return null;
  };
}

function byType(types: readonly string[]): FigureScreen {
  const wanted = new Set(types.map((type) => type.toLowerCase()));
  return ({ type }) => {
    if (type !== null && wanted.has(type.toLowerCase())) return null;
    return type === null ? 'the article does not tell its type' : `the type of the article is ${type}`;
  };
}

function byLicense(licenses: readonly string[]): FigureScreen {
  const wanted = licenses.map((code) => code.toUpperCase().replace(/[\s_]+/g, '-'));
  return ({ article }, { permissions }) => {
    const license = (permissions === null ? article.license : permissions.license) ?? null;
    if (license === null) return 'it has no known license';
    const code = license.toUpperCase();
    const fits = wanted.some(
      (one) => code === one || (code.startsWith(`${one}-`) && isVersion(code.slice(one.length))),
    );
    return fits ? null : `its license is ${license}`;
  };
}

/** `-4.0`, `-3.0-IGO`: what may follow a code without version, unlike `-NC`. */
function isVersion(rest: string): boolean {
  return /^-(?:\d|IGO)/.test(rest);
}

/** Words are compared as the keyword index does: without regard to capitals, accents and endings. */
function byWords(words: readonly string[]): FigureScreen {
  const wanted = words.map((word) => {
    const stems = stemsOf(word);
    if (stems.trim() === '') throw unexpected('words', word);
    return stems;
  });
  const named = words.join(', ').slice(0, 200);
  return (_article, { caption, mentions }) => {
    const isFound = [caption, ...mentions].some((text) => {
      const stems = stemsOf(text);
      return wanted.some((word) => stems.includes(word));
    });
    return isFound ? null : `neither its caption nor a mention has one of these words: ${named}`;
  };
}

/** The stems of a text with blanks between them and around them, so that a phrase is a part of it. */
function stemsOf(text: string): string {
  const terms = analyzeText(text).flatMap(({ words }) => words.flatMap((word) => word.terms));
  return ` ${terms.map((term) => stemmer(term)).join(' ')} `;
}

function expectTexts(given: readonly string[], what: string): readonly string[] {
  const texts = given.map((text) => text.trim()).filter((text) => text !== '');
  if (texts.length === 0) throw unexpected(what, given.join(','));
  return texts;
}

function unexpected(what: string, received: string): FigseekError {
  return new FigseekError('BAD_USER_INPUT', `Expected ${what} with commas between them but received “${received}”`);
}
