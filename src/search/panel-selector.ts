import { FigseekError } from '../domain/errors.js';
import type { Panel } from '../domain/figure.js';
import { isWholeFigure, type PanelId } from '../domain/ids.js';
import { dot } from '../domain/vector.js';
import type { EmbeddingStore } from '../ports/embedding-store.js';
import type { QueryEncoder } from './query-encoder.js';

/** Which panel of a compound figure is meant by words. */
export class PanelSelector {
  /** @param space the version of the model that `queries` asks */
  constructor(
    private readonly space: string,
    private readonly queries: Pick<QueryEncoder, 'encodeTexts'>,
    private readonly embeddings: Pick<EmbeddingStore, 'imageVectorsOfPanels'>,
  ) {}

  /**
   * For each text the panel whose image is most like it. The whole figure counts only where it is the only panel. Where
   * one of the panels has no vector of the model yet, or the model cannot run, nothing can be compared: it is then the
   * first panel beside the whole figure.
   * @param panels all of one figure, in their order
   * @throws {FigseekError} NOT_FOUND for none; RATE_LIMITED and TIMEOUT, as another answer would mean another panel
   */
  async select(panels: readonly Panel[], texts: readonly string[]): Promise<readonly Panel[]> {
    const parts = panels.filter(({ id }) => !isWholeFigure(id));
    const first = parts[0] ?? panels[0];
    if (first === undefined) throw new FigseekError('NOT_FOUND', 'The figure is not there any more');
    if (parts.length < 2) return texts.map(() => first);
    const ids = parts.map(({ id }) => id);
    const vectors = await this.embeddings.imageVectorsOfPanels(ids, this.space);
    if (vectors.size < parts.length) return texts.map(() => first);
    const best: Panel[] = [];
    // One after the other: a job has thousands, and would fill the queue of those who search.
    for (const text of texts) best.push((await this.mostSimilar(parts, vectors, text)) ?? first);
    return best;
  }

  /** Of equal ones the first; null where the model cannot run. */
  private async mostSimilar(
    panels: readonly Panel[],
    vectors: ReadonlyMap<PanelId, Float32Array>,
    text: string,
  ): Promise<Panel | null> {
    const asked = await this.queries.encodeTexts([text]).catch((error: unknown) => {
      if (error instanceof FigseekError && error.code === 'MODEL_UNAVAILABLE') return [];
      throw error;
    });
    const [query] = asked;
    if (query === undefined) return null;
    const scored = panels.map((panel) => ({ panel, score: dot(query, vectors.get(panel.id) ?? new Float32Array()) }));
    return scored.reduce((best, one) => (one.score > best.score ? one : best)).panel;
  }
}
