import type { ArticleId } from './ids.js';

/** A publication, as far as its figures need it. */
export interface Article {
  readonly id: ArticleId;
  readonly pmcid: string | null;
  readonly pmid: string | null;
  readonly doi: string | null;
  readonly title: string;
  readonly authors: readonly string[];
  readonly journal: string | null;
  readonly year: number | null;
  /** A code as `CC-BY-4.0` where it is known. */
  readonly license: string | null;
  /** The license in the publisher's words. */
  readonly licenseText: string | null;
  readonly url: string | null;
  readonly retracted: boolean;
}

/** An article as one record describes it: null, or an empty list of authors, means that the record does not say. */
export interface GivenArticle extends Omit<Article, 'retracted'> {
  readonly retracted: boolean | null;
}

/** One way to name an article: exactly one of the values is not null. */
export type ArticleReference = Readonly<Record<'id' | 'pmcid' | 'pmid' | 'doi', string | null>>;
