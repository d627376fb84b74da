import { FigseekError } from '../../../domain/errors.js';
import type { ArticleRecord } from '../../../domain/figure-record.js';
import { readFront } from './article-front.js';
import { readFigures, withFurtherCaption, type ArticleFigure } from './figures.js';
import { articleNames } from './mentions.js';
import type { Permissions } from './permissions.js';
import { findAll, nearestAncestor } from './xml-queries.js';
import type { XmlElement } from './xml-tree.js';

/** An article with all its figures. */
export interface JatsArticle {
  /** As JATS has it: `research-article`, `case-report`; null where none is told. */
  readonly type: string | null;
  readonly article: ArticleRecord;
  readonly permissions: Permissions;
  /** The article's own figures, then those of its sub-articles and responses that have pictures of their own. */
  readonly figures: readonly ArticleFigure[];
}

/** Parts of an article that no reader of figures asks for: lists of references make a third of the elements. */
export const unreadParts: ReadonlySet<string> = new Set(['ref-list', 'annotation-xml']);

/**
 * Reads an article of JATS 1.0 to 1.4 or NLM 2.3 and 3.0, also within the envelope of OAI-PMH.
 * A figure of a translation that shows a picture of the article gives that figure its caption too.
 * @throws {FigseekError} BAD_USER_INPUT where the document holds no article
 */
export function readArticle(root: XmlElement): JatsArticle {
  const element = root.name === 'article' ? root : findAll(root, 'article')[0];
  if (element === undefined) {
    throw new FigseekError('BAD_USER_INPUT', `Expected an article of JATS but received XML whose root is ${root.name}`);
  }
  const { article, permissions } = readFront(element);
  const figures = [...readFigures(element)];
  for (const part of findAll(element, 'sub-article', 'response')) {
    if (nearestAncestor(part, ...articleNames) === null) continue;
    for (const figure of readFigures(part)) addOrJoin(figures, figure);
  }
  return { type: element.attributes.get('article-type') ?? null, article, permissions, figures };
}

function addOrJoin(figures: ArticleFigure[], figure: ArticleFigure): void {
  const names = new Set(figure.pictures.flat());
  const at = figures.findIndex(({ pictures }) => pictures.flat().some((name) => names.has(name)));
  const same = figures[at];
  if (same === undefined) figures.push(figure);
  else figures[at] = withFurtherCaption(same, figure);
}
