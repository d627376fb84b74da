import type { SourceItem } from '../domain/figure-record.js';

/** Figures that come from outside of the corpus: from a file, a folder or a service. */
export abstract class FigureSource {
  /** By which it is known again on the next run: a path, or a fixed text. */
  abstract readonly input: string;
  /** For a person. */
  abstract readonly title: string;
  /** Whether its figures are those of articles, most of which have panels. */
  abstract readonly isOfArticles: boolean;
  /** Whether `read` gives all that belongs to the source, so that what it does not give is gone. */
  abstract readonly isWhole: boolean;

  /**
   * Number of records, for progress only: blank lines count too, and of many articles it is a guess.
   * @returns null where nobody knows
   */
  abstract count(): Promise<number | null>;

  /** One item after the other, read when it is asked for. What cannot be read is an item that says why. */
  abstract read(): AsyncIterable<SourceItem>;
}
