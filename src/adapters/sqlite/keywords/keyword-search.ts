import { LRUCache } from 'lru-cache';
import type { CorpusState } from '../../../domain/corpus-state.js';
import { allowsAll, type FigureSet } from '../../../domain/figure-scope.js';
import type { PanelId } from '../../../domain/ids.js';
import type { CorpusWord } from '../../../domain/text/misspelling.js';
import { byScore, type IndexedPanel, type RankedPanel } from '../../../domain/search.js';
import type { FigureFilters } from '../../../ports/figure-filters.js';
import { cachedPromise } from '../../../platform/cached-promise.js';
import { KeywordIndex, type KeywordQuery, type QueryInformation } from '../../../ports/keyword-index.js';
import type { PanelDirectory } from '../../../ports/panel-directory.js';
import type { Database } from '../database.js';
import { splitAlternatives } from './match-alternatives.js';
import { leafExpression, scoredLeaves, synonymExpression, toMatchExpression } from './match-expression.js';
import { forEachRow } from './fts-numbers.js';
import { readPanelLengths, type PanelLengths } from './panel-lengths.js';
import { columnWeights, computeIdf, readPostings, readTotals, type IndexTotals, type Postings } from './postings.js';
import { defaultMaxRecent, RecentWords } from './recent-words.js';
import {
  currentPostings,
  type CurrentPostings,
  ListedMatches,
  noMatches,
  SummedMatches,
  type Alternative,
  type MatchingPanels,
} from './matching-panels.js';
import { TermPostings } from './term-postings.js';
import { Vocabulary } from './vocabulary.js';

const table = 'panel_words';
const maxPostings = 16_000_000;
const maxMatches = 4_000_000;
/** No search lives through thousands of changes three times over. */
const maxFormerEpochs = 3;

/** Postings that were read since a moment, with what was indexed since. A search uses one of them to its end. */
interface Epoch {
  readonly number: number;
  readonly postings: LRUCache<string, Promise<Postings>>;
  readonly recent: RecentWords;
  /** Of all panels at its beginning, or later: those of others are not asked for. */
  lengths: Promise<PanelLengths> | null;
  /** Postings without panels that are recent or gone, as they were at the moment `key`. */
  readonly current: WeakMap<Postings, { readonly key: string; readonly kept: CurrentPostings }>;
}

/** The epoch that a search uses, as it stood when the search began. */
interface EpochVersion {
  readonly epoch: Epoch;
  /** Of its recent words. */
  readonly version: number;
  readonly key: string;
}

/**
 * BM25 over the words of panels, their figures and articles (SQLite FTS5; Porter stemming). FTS5 itself computes the score
 * of every match of every word at every search. Here the postings of a word are read from it once and kept; expressions
 * with AND or NOT are asked of FTS5.
 */
export class KeywordSearch extends KeywordIndex {
  private readonly matches = new LRUCache<string, Promise<MatchingPanels>>({ max: 1000, maxSize: maxMatches });
  private epoch: Epoch | null = null;
  /** Of the epochs before: searches that began in them may still be under way. */
  private readonly formerRecent: RecentWords[] = [];
  private readonly vocabulary: Vocabulary;
  private readonly terms: TermPostings;
  private readonly alike = new LRUCache<string, Promise<readonly CorpusWord[]>>({ max: 1000 });
  private totals: { readonly key: string; readonly read: Promise<IndexTotals> } | null = null;

  constructor(
    private readonly database: Database,
    private readonly panels: PanelDirectory,
    private readonly filters: Pick<FigureFilters, 'allowedFigures'>,
    private readonly maxRecent = defaultMaxRecent,
  ) {
    super();
    this.vocabulary = new Vocabulary(database);
    this.terms = new TermPostings(database);
  }

  async search(query: KeywordQuery, k: number): Promise<readonly (IndexedPanel & RankedPanel)[]> {
    const { panels, scores } = (await this.match(query)).best(k);
    return [...panels]
      .flatMap((number, at) => {
        const found = this.panels.panel(number);
        return found === null ? [] : [{ ...found, score: scores[at] ?? 0 }];
      })
      .sort(byScore);
  }

  async score(query: KeywordQuery, panels: readonly PanelId[]): Promise<readonly RankedPanel[]> {
    const matching = await this.match({ ...query, scope: null });
    const found = [...new Set(panels)].map((panelId) => {
      const number = this.panels.numberOf(panelId);
      return { panelId, score: number === null ? 0 : matching.scoreOf(number) };
    });
    return found.filter(({ score }) => score !== 0).sort(byScore);
  }

  async count(query: KeywordQuery): Promise<number> {
    return (await this.match(query)).figures;
  }

  async information({ text, expansions = [], asOf }: Omit<KeywordQuery, 'scope'>): Promise<QueryInformation> {
    const moment = await this.update(asOf);
    const totals = await this.readTotals(moment);
    const words = scoredLeaves(text);
    const idfOf = async (expression: string | null): Promise<number> =>
      Math.max(0, computeIdf(totals.panels, await this.countPanels(expression, moment)));
    // A word that no panel holds tells as much as can be told.
    const idfs = await Promise.all(words.map((leaf) => idfOf(leafExpression(leaf))));
    let total = idfs.reduce((sum, idf) => sum + idf, 0);
    for (const { leaves, synonyms } of expansions) {
      const texts = new Set(leaves.map((leaf) => leaf.text));
      const own = words.reduce((sum, leaf, at) => sum + (texts.has(leaf.text) ? (idfs[at] ?? 0) : 0), 0);
      const others = await Promise.all(synonyms.map((synonym) => idfOf(synonymExpression(synonym))));
      total -= Math.max(0, own - Math.min(own, ...others));
    }
    return { words: words.length, total };
  }

  wordsLike(word: string, { version }: CorpusState): Promise<readonly CorpusWord[]> {
    return cachedPromise(this.alike, `${version} ${word}`, () => this.vocabulary.wordsLike(word));
  }

  /** How many panels hold the most frequent alternative of an expression. */
  private async countPanels(expression: string | null, moment: EpochVersion): Promise<number> {
    const parts = expression === null ? [] : (splitAlternatives(expression) ?? []);
    const counts = parts.map(async (part) => {
      const { kept, recent } = await this.alternative(part, moment);
      return kept.panels.length + (recent?.panels.length ?? 0);
    });
    return Math.max(0, ...(await Promise.all(counts)));
  }

  /** The panels that match; kept, since an answer is asked for its number, its best and more of it. */
  private async match({ text, expansions, scope, asOf }: KeywordQuery): Promise<MatchingPanels> {
    const expression = toMatchExpression(text, expansions);
    if (expression === null) return noMatches;
    const [moment, filter] = [await this.update(asOf), scope === null || allowsAll(scope) ? null : scope];
    const key = `${moment.key} ${filter?.key ?? ''} ${filter?.lastFigure ?? ''} ${expression}`;
    return cachedPromise(
      this.matches,
      key,
      async () => {
        const figures = filter === null ? null : await this.filters.allowedFigures(filter);
        const parts = splitAlternatives(expression);
        return parts === null ? this.matchByFts(expression, figures) : this.matchByPostings(parts, figures, moment);
      },
      // Also one that matches nothing is held.
      ({ held }) => held + 1,
    );
  }

  private async matchByPostings(
    parts: readonly string[],
    figures: FigureSet | null,
    moment: EpochVersion,
  ): Promise<MatchingPanels> {
    const totals = await this.readTotals(moment);
    const alternatives = await Promise.all(parts.map((part) => this.alternative(part, moment)));
    return new SummedMatches(alternatives, totals, { directory: this.panels, figures });
  }

  private async alternative(part: string, { epoch, version, key }: EpochVersion): Promise<Alternative> {
    const [postings, recent] = await Promise.all([
      cachedPromise(
        epoch.postings,
        part,
        () => this.readPart(part, epoch),
        ({ panels }) => panels.length,
      ),
      epoch.recent.postings(part),
    ]);
    let current = epoch.current.get(postings);
    if (current?.key !== key) {
      const isRecent = epoch.recent.isEmpty ? () => false : (panel: number) => epoch.recent.has(panel, version);
      const figureOf = (panel: number): number => (isRecent(panel) ? 0 : this.panels.figureOf(panel));
      current = { key, kept: currentPostings(postings, figureOf) };
      epoch.current.set(postings, current);
    }
    const figureOfRecent = (panel: number): number =>
      epoch.recent.has(panel, version) ? this.panels.figureOf(panel) : 0;
    return { kept: current.kept, recent: recent === null ? null : currentPostings(recent, figureOfRecent) };
  }

  private async readPart(part: string, epoch: Epoch): Promise<Postings> {
    const lengths = (): Promise<PanelLengths> => {
      epoch.lengths ??= readPanelLengths(this.database, table);
      epoch.lengths.catch(() => (epoch.lengths = null));
      return epoch.lengths;
    };
    return (await this.terms.read(part, lengths)) ?? (await readPostings(this.database, table, part)).postings;
  }

  private async matchByFts(expression: string, figures: FigureSet | null): Promise<MatchingPanels> {
    const [row] = await this.database.scanner.query<{ list: string | null }[]>(
      `SELECT group_concat(panel || ' ' || score, ';') AS list FROM (
         SELECT rowid AS panel, -bm25(${table}, ${columnWeights}) AS score FROM ${table}
         WHERE ${table} MATCH ? ORDER BY rowid LIMIT -1)`,
      [expression],
    );
    const [panels, scores]: [number[], number[]] = [[], []];
    await forEachRow(row?.list ?? '', ([panel = '', score = '']) => {
      panels.push(Number(panel));
      scores.push(Number(score));
    });
    return new ListedMatches(panels, scores, { directory: this.panels, figures });
  }

  /** Brings what is kept up to a state. */
  private async update(state: CorpusState): Promise<EpochVersion> {
    await this.panels.update(state);
    for (;;) {
      const epoch = (this.epoch ??= this.beginEpoch(state));
      if (await epoch.recent.update(state)) {
        const { version } = epoch.recent;
        return { epoch, version, key: `${epoch.number} ${version} ${state.lastPanel} ${state.lastPanelRemoval}` };
      }
      // Another search may have begun the next one meanwhile.
      if (this.epoch === epoch) this.epoch = this.beginEpoch(state);
    }
  }

  private beginEpoch({ lastWordChange }: CorpusState): Epoch {
    if (this.epoch !== null) this.formerRecent.push(this.epoch.recent);
    // Nobody asks for those of an epoch before, and they would hold its postings.
    this.matches.clear();
    // A table that cannot be dropped now is temporary: it ends with the connection.
    const oldest = this.formerRecent.length > maxFormerEpochs ? this.formerRecent.shift() : undefined;
    oldest?.drop().catch(() => undefined);
    const number = (this.epoch?.number ?? 0) + 1;
    const recent = new RecentWords(this.database, `recent_words_${number}`, lastWordChange, this.maxRecent);
    return {
      ...{ number, recent, lengths: null, current: new WeakMap() },
      postings: new LRUCache({ max: 100_000, maxSize: maxPostings }),
    };
  }

  private readTotals({ key }: EpochVersion): Promise<IndexTotals> {
    if (this.totals?.key !== key) {
      const read = readTotals(this.database, table);
      this.totals = { key, read };
      read.catch(() => (this.totals = null));
    }
    return this.totals.read;
  }
}
