import { LRUCache } from 'lru-cache';
import type { CorpusState } from '../../../domain/corpus-state.js';
import { allowsAll, type FigureSet } from '../../../domain/figure-scope.js';
import type { PanelId } from '../../../domain/ids.js';
import type { CorpusWord } from '../../../domain/text/misspelling.js';
import { byScore, type IndexedPanel, type RankedPanel } from '../../../domain/search.js';
import { TopK } from '../../../domain/top-k.js';
import type { FigureFilters } from '../../../ports/figure-filters.js';
import { cachedPromise } from '../../../platform/cached-promise.js';
import { KeywordIndex, type KeywordQuery, type QueryInformation } from '../../../ports/keyword-index.js';
import type { PanelDirectory } from '../../../ports/panel-directory.js';
import type { Database } from '../database.js';
import { splitAlternatives } from './match-alternatives.js';
import { leafExpression, scoredLeaves, synonymExpression, toMatchExpression } from './match-expression.js';
import {
  columnWeights,
  computeIdf,
  forEachRow,
  readPostings,
  readTotals,
  type IndexTotals,
  type Postings,
} from './postings.js';
import { defaultMaxRecent, RecentWords } from './recent-words.js';
import { allowedPanels, scorePanels, type Alternative, type ScoredPanels } from './scored-panels.js';
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
  private readonly matches = new LRUCache<string, Promise<ScoredPanels>>({ max: 1000, maxSize: maxMatches });
  private epoch: Epoch | null = null;
  /** Of the epochs before: searches that began in them may still be under way. */
  private readonly formerRecent: RecentWords[] = [];
  private readonly vocabulary: Vocabulary;
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
  }

  async search(query: KeywordQuery, k: number): Promise<readonly (IndexedPanel & RankedPanel)[]> {
    const { panels, scores } = await this.match(query);
    const best = new TopK(k);
    for (let at = 0; at < panels.length; at++) best.offer(panels[at] ?? 0, scores[at] ?? 0);
    return best
      .result()
      .flatMap(({ row: panel, score }) => {
        const found = this.panels.panel(panel);
        return found === null ? [] : [{ ...found, score }];
      })
      .sort(byScore);
  }

  async score(query: KeywordQuery, panels: readonly PanelId[]): Promise<readonly RankedPanel[]> {
    const { panels: matching, scores } = await this.match({ ...query, scope: null });
    const wanted = new Map<number, PanelId>();
    for (const panelId of panels) {
      const number = this.panels.numberOf(panelId);
      if (number !== null) wanted.set(number, panelId);
    }
    const found: RankedPanel[] = [];
    for (let at = 0; at < matching.length && found.length < wanted.size; at++) {
      const panelId = wanted.get(matching[at] ?? 0);
      if (panelId !== undefined) found.push({ panelId, score: scores[at] ?? 0 });
    }
    return found.sort(byScore);
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
      const { postings, recent } = await this.alternative(part, moment);
      return postings.panels.length + (recent?.panels.length ?? 0);
    });
    return Math.max(0, ...(await Promise.all(counts)));
  }

  /** All panels that match, with their scores; kept, since an answer is asked for its number, its best and more of it. */
  private async match({ text, expansions, scope, asOf }: KeywordQuery): Promise<ScoredPanels> {
    const expression = toMatchExpression(text, expansions);
    if (expression === null) return { panels: new Uint32Array(0), scores: new Float64Array(0), figures: 0 };
    const moment = await this.update(asOf);
    const filter = scope === null || allowsAll(scope) ? null : scope;
    const key = `${moment.key} ${filter?.key ?? ''} ${filter?.lastFigure ?? ''} ${expression}`;
    return cachedPromise(
      this.matches,
      key,
      async () => {
        const figures = filter === null ? null : await this.filters.allowedFigures(filter);
        const parts = splitAlternatives(expression);
        return parts === null ? this.matchByFts(expression, figures) : this.matchByPostings(parts, figures, moment);
      },
      ({ panels }) => panels.length,
    );
  }

  private async matchByPostings(
    parts: readonly string[],
    figures: FigureSet | null,
    moment: EpochVersion,
  ): Promise<ScoredPanels> {
    const totals = await this.readTotals(moment);
    const alternatives = await Promise.all(parts.map((part) => this.alternative(part, moment)));
    return scorePanels(alternatives, totals, { directory: this.panels, figures });
  }

  private async alternative(part: string, { epoch, version }: EpochVersion): Promise<Alternative> {
    const [postings, recent] = await Promise.all([
      cachedPromise(
        epoch.postings,
        part,
        async () => (await readPostings(this.database, table, part)).postings,
        ({ panels }) => panels.length,
      ),
      epoch.recent.postings(part),
    ]);
    const isThere = (panel: number): boolean => this.panels.figureOf(panel) !== 0;
    return {
      ...{ postings, recent },
      isKept: (panel) => isThere(panel) && !epoch.recent.has(panel, version),
      isRecent: (panel) => isThere(panel) && epoch.recent.has(panel, version),
    };
  }

  private async matchByFts(expression: string, figures: FigureSet | null): Promise<ScoredPanels> {
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
    const wanted = { directory: this.panels, figures };
    return allowedPanels(Uint32Array.from(panels), Float64Array.from(scores), wanted);
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
    // A table that cannot be dropped now is temporary: it ends with the connection.
    if (this.formerRecent.length > maxFormerEpochs)
      this.formerRecent
        .shift()
        ?.drop()
        .catch(() => undefined);
    const number = (this.epoch?.number ?? 0) + 1;
    const recent = new RecentWords(this.database, `recent_words_${number}`, lastWordChange, this.maxRecent);
    return { number, recent, postings: new LRUCache({ max: 100_000, maxSize: maxPostings }) };
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
