import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Database } from '../../src/adapters/sqlite/database.js';
import { SqliteFigureWriter } from '../../src/adapters/sqlite/figure-writer.js';
import { SqliteStores } from '../../src/adapters/sqlite/sqlite-stores.js';
import type { FigureWrite } from '../../src/domain/figure-write.js';
import { figureIdOf, figureIdOfPanel, panelIdOf, type FigureId } from '../../src/domain/ids.js';
import { QueryInterpreter, withCondition, type Interpretation } from '../../src/search/query-interpreter.js';
import { readSynonyms } from '../../src/app/read-synonyms.js';
import { Spelling } from '../../src/search/spelling.js';
import { drawnArticle, drawnFigure, withArticle } from './drawn-figures.js';
import { openKeywords } from './sqlite-vectors.js';

/** A figure by its words; what it has of an article is that of an article of its own. */
export interface CaptionedFigure {
  /** Its key in the source. */
  readonly id: string;
  readonly caption: string;
  readonly label?: string | undefined;
  readonly journal?: string | undefined;
  readonly doi?: string | undefined;
  readonly pmcid?: string | undefined;
}

/** Figures with captions in a database, without vectors, searched by their words. */
export class CaptionedCorpus {
  private constructor(
    private readonly database: Database,
    private readonly keys: ReadonlyMap<FigureId, string>,
  ) {}

  static async open(figures: readonly CaptionedFigure[]): Promise<CaptionedCorpus> {
    const database = await Database.open(mkdtempSync(path.join(tmpdir(), 'keywords-')));
    await new SqliteFigureWriter(database).replace(figures.map(toWrite));
    return new CaptionedCorpus(database, new Map(figures.map(({ id }) => [figureIdOf(id), id])));
  }

  close(): Promise<void> {
    return this.database.close();
  }

  /** What a text means for each channel. */
  async interpret(text: string): Promise<Interpretation> {
    const { keywords, filters } = new SqliteStores(this.database);
    const interpreter = new QueryInterpreter(keywords, filters, readSynonyms({ synonyms: null }));
    return interpreter.interpret({ terms: [{ kind: 'text', text, weight: 1 }], expand: true }, await filters.corpus());
  }

  /** The text with words of the corpus in place of those that no figure holds; null where there are none. */
  async suggest(text: string): Promise<string | null> {
    const { keywords, filters } = new SqliteStores(this.database);
    return new Spelling(keywords).suggest([{ kind: 'text', text, weight: 1 }], await filters.corpus());
  }

  /** Keys of the figures that the KEYWORD channel finds, best first, whatever the text requires of the other channels. */
  async search(text: string): Promise<readonly string[]> {
    const asOf = await new SqliteStores(this.database).filters.corpus();
    const expansions = [...(await this.interpret(text)).expansions.values()].flat();
    const found = await openKeywords(this.database).search({ text, expansions, scope: null, asOf }, 20);
    return found.map(({ panelId }) => this.keyOf(figureIdOfPanel(panelId)));
  }

  /** Keys of the figures that hold what a text requires: all that any channel may find. */
  async allowedBy(text: string): Promise<readonly string[]> {
    const { filters } = new SqliteStores(this.database);
    const { condition } = await this.interpret(text);
    const scope = await filters.resolve(withCondition(null, condition), await filters.corpus());
    const { items } = await filters.page(scope, 0, 20);
    return items.map(({ id }) => this.keyOf(id));
  }

  private keyOf(figureId: FigureId): string {
    return this.keys.get(figureId) ?? '?';
  }
}

function toWrite({ id, caption, label, journal, doi, pmcid }: CaptionedFigure, number: number): FigureWrite {
  const { figure, panels, ...drawn } = drawnFigure(number);
  const figureId = figureIdOf(id);
  const write = {
    ...drawn,
    article: null,
    figure: {
      ...figure,
      ...{ id: figureId, sourceKey: id, caption, articleId: null, labels: label === undefined ? [] : [label] },
    },
    panels: panels.map((panel) => ({ ...panel, id: panelIdOf(figureId, 0), figureId })),
    embeddings: [],
  };
  if (journal === undefined && doi === undefined && pmcid === undefined) return write;
  const ids = { doi: doi ?? null, pmcid: pmcid ?? null };
  return withArticle(write, drawnArticle(id, { ...ids, title: 'One', journal: journal ?? null }));
}
