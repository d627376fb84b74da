import type { ArticleRecord } from '../../../domain/figure-record.js';
import { readPermissions, type Permissions } from './permissions.js';
import { plainText } from './plain-text.js';
import { childOf, childrenOf, findAll, isElement, rawText, collapse, simpleText } from './xml-queries.js';
import type { XmlElement } from './xml-tree.js';

/** What an article says of itself. */
export interface ArticleFront {
  readonly article: ArticleRecord;
  readonly permissions: Permissions;
}

/** Dates of other events than publication. */
const otherDates: ReadonlySet<string> = new Set([
  'accepted',
  'author-created',
  'corrected',
  'hwp-created',
  'hwp-received',
  'nihms-submitted',
  'pmc-release',
  'preprint',
  'received',
  'retracted',
  'rev-recd',
]);

/** Reads the metadata of an article; those of its sub-articles are theirs. */
export function readFront(article: XmlElement): ArticleFront {
  const meta = childOf(article, 'front', 'article-meta') ?? childOf(article, 'front-stub');
  const journal = childOf(article, 'front', 'journal-meta');
  const permissions = readPermissions(meta === null ? article : (childOf(meta, 'permissions') ?? meta));
  const title = meta === null ? '' : plainText(childOf(meta, 'title-group', 'article-title'));
  const ids = meta === null ? null : readIds(meta);
  return {
    permissions,
    article: {
      pmcid: ids?.pmcid ?? null,
      pmid: ids?.pmid ?? null,
      doi: ids?.doi ?? null,
      title: title === '' ? (ids?.doi ?? ids?.pmcid ?? 'Untitled article') : title,
      authors: meta === null ? [] : readAuthors(meta),
      journal: journal === null ? null : journalTitle(journal),
      year: meta === null ? null : readYear(meta),
      license: permissions.license,
      licenseText: permissions.words,
      retracted: meta !== null && isRetracted(article, meta, title),
    },
  };
}

function readIds(meta: XmlElement) {
  const idOf = (...types: readonly string[]): string | null => {
    const id = childrenOf(meta, 'article-id').find(({ attributes }) =>
      types.includes(attributes.get('pub-id-type') ?? ''),
    );
    const text = simpleText(id ?? null);
    return text === '' ? null : text;
  };
  const pmc = idOf('pmc', 'pmcid');
  return {
    pmcid: pmc === null || /^pmc/i.test(pmc) ? pmc : `PMC${pmc}`,
    pmid: idOf('pmid'),
    doi: idOf('doi'),
  };
}

function journalTitle(journal: XmlElement): string | null {
  const title = plainText(
    childOf(journal, 'journal-title-group', 'journal-title') ?? childOf(journal, 'journal-title'),
  );
  return title === '' ? null : title;
}

/** The year of the earliest publication. */
function readYear(meta: XmlElement): number | null {
  const years = childrenOf(meta, 'pub-date')
    .filter(({ attributes }) =>
      ['pub-type', 'date-type', 'publication-format'].every((name) => !otherDates.has(attributes.get(name) ?? '')),
    )
    .map((date) => simpleText(childOf(date, 'year')))
    .filter((year) => /^\d{4}$/.test(year))
    .map(Number);
  return years.length === 0 ? null : Math.min(...years);
}

/** Authors of the byline, in order; a group stands under its own name, without its members. */
function readAuthors(meta: XmlElement): string[] {
  const authors: string[] = [];
  for (const group of childrenOf(meta, 'contrib-group')) {
    const contributors = childrenOf(group, 'contrib');
    const kind = (group.attributes.get('content-type') ?? '').toLowerCase();
    const isAuthor = ({ attributes }: XmlElement): boolean => attributes.get('contrib-type') === 'author';
    if (kind === 'non-byline' || kind === 'section') continue;
    if (!['', 'author', 'authors'].includes(kind) && !contributors.some(isAuthor)) continue;
    for (const contributor of contributors) {
      const isOther = contributor.attributes.has('contrib-type') && !isAuthor(contributor);
      const name = isOther ? null : nameOf(contributor);
      if (name !== null && name !== '') authors.push(name);
    }
  }
  return authors;
}

function nameOf(contributor: XmlElement): string | null {
  const name =
    childOf(contributor, 'name') ??
    childOf(contributor, 'name-alternatives', 'name') ??
    childOf(contributor, 'string-name') ??
    childOf(contributor, 'name-alternatives', 'string-name');
  if (name !== null) {
    const parts = ['given-names', 'surname', 'suffix'].map((part) => simpleText(childOf(name, part)));
    return childOf(name, 'surname') === null ? simpleText(name) : parts.filter((part) => part !== '').join(' ');
  }
  const group = childOf(contributor, 'collab') ?? childOf(contributor, 'collab-alternatives', 'collab');
  if (group !== null) return ownName(group);
  return childOf(contributor, 'anonymous') === null ? null : 'Anonymous';
}

/** The name of a group, whose element holds its members and addresses too. */
function ownName(group: XmlElement): string {
  const inner: ReadonlySet<string> = new Set(['contrib-group', 'xref', 'aff', 'address', 'email', 'fn']);
  const parts = group.children.map((child) => {
    if (!isElement(child)) return child;
    return inner.has(child.name) ? '' : rawText(child);
  });
  return collapse(parts.join(''));
}

/** Source: JATS4R recommendations on retractions; PubMed Central's custom metadata. */
function isRetracted(article: XmlElement, meta: XmlElement, title: string): boolean {
  const isMarked = findAll(meta, 'custom-meta').some(
    (custom) =>
      simpleText(childOf(custom, 'meta-name')) === 'is-retracted' &&
      simpleText(childOf(custom, 'meta-value')) === 'yes',
  );
  const isNotice = article.attributes.get('article-type') === 'retraction';
  const related = childrenOf(meta, 'related-article').map(
    ({ attributes }) => attributes.get('related-article-type') ?? '',
  );
  const hasNotice = related.some((type) => type === 'retraction-forward' || (type === 'retraction' && !isNotice));
  return isMarked || hasNotice || /^\[?retracted\b/i.test(title);
}
