import type { FigureId } from '../../domain/ids.js';

/** What a known-item query is made from. The names stand in the answer of `figseek eval --json`. */
export type QueryClassName =
  | 'rare-words'
  | 'word-pairs'
  | 'phrases'
  | 'record-ids'
  | 'pmcids'
  | 'dois'
  | 'journals'
  | 'judged'
  | 'descriptions'
  | 'captions'
  | 'labels'
  | `copy: ${string}`;

/** A query with the figures that are right answers to it. */
export interface KnownItemQuery {
  readonly asked:
    | { readonly kind: 'text'; readonly text: string }
    /** The bytes are made when they are asked for: many copies at once have no room in memory. */
    | { readonly kind: 'image'; readonly change: string; readonly read: () => Promise<Uint8Array> };
  readonly wanted: ReadonlySet<FigureId>;
  /** The figure that it was made from. */
  readonly figureId: FigureId;
}

export interface QueryClass {
  readonly name: QueryClassName;
  readonly kind: 'text' | 'image';
  /** In a few words, as a heading. */
  readonly title: string;
  /** What is asked, and what counts as right, in a sentence. */
  readonly explanation: string;
  readonly queries: readonly KnownItemQuery[];
}

/** A class of which the corpus has no queries. */
export interface AbsentClass {
  readonly name: QueryClassName;
  readonly title: string;
  readonly reason: string;
}
