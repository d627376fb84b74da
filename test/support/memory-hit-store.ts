import type { Panel } from '../../src/domain/figure.js';
import { figureIdOfPanel, type FigureId, type PanelId } from '../../src/domain/ids.js';
import type { StoredHit } from '../../src/domain/stored-hit.js';
import { HitStore } from '../../src/ports/hit-store.js';
import type { MemoryArticleStore } from './memory-article-store.js';
import type { MemoryRecord } from './memory-figure-store.js';

/** The corpus that the hits are read from. */
interface OwnedCorpus {
  readonly records: ReadonlyMap<FigureId, MemoryRecord>;
  readonly articles: Pick<MemoryArticleStore, 'articles'>;
}

/** What a page of hits shows, from records in memory. */
export class MemoryHitStore extends HitStore {
  constructor(private readonly corpus: OwnedCorpus) {
    super();
  }

  read(panels: readonly PanelId[]): Promise<ReadonlyMap<PanelId, StoredHit>> {
    const found = panels.flatMap((id) => {
      const record = this.corpus.records.get(figureIdOfPanel(id));
      const panel = record?.panels.find((one) => one.id === id);
      return record === undefined || panel === undefined ? [] : [[id, this.toHit(panel, record)] as const];
    });
    return Promise.resolve(new Map(found));
  }

  private toHit(panel: Panel, { figure }: MemoryRecord): StoredHit {
    const article = figure.articleId === null ? undefined : this.corpus.articles.articles.get(figure.articleId);
    return { panel, figure, article: article ?? null };
  }
}
