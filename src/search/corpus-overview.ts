import { EncoderClient } from '../inference/encoder-client.js';
import { ModelRegistry } from '../models/registry.js';
import { FigureReader } from '../store/repositories/figure-reader.js';
import { VectorSpace } from '../vectors/vector-space.js';

/** What the corpus holds, and which models are there: for the page, GraphQL and `figseek doctor`. */
export class CorpusOverview {
  constructor(
    private readonly encoder: EncoderClient,
    private readonly registry: ModelRegistry,
    private readonly figures: FigureReader,
    private readonly space: VectorSpace,
  ) {}

  /** All model packages; the active one says by which provider it runs. */
  async models() {
    const packages = await this.registry.list();
    return packages.map((one) => {
      const active = one.name === this.encoder.model.name;
      const dimensions = one.kind === 'dual-encoder' ? one.dimensions : null;
      return { ...one, dimensions, active, provider: active ? this.encoder.status().provider : null };
    });
  }

  async stats() {
    const [counts, status, byModality, byLicense, byYear] = await Promise.all([
      this.figures.counts(),
      this.space.status(),
      this.figures.tally('modality'),
      this.figures.tally('license'),
      this.figures.tally('year'),
    ]);
    const { generation, indexed } = status;
    return {
      ...counts,
      model: this.encoder.model.name,
      generation,
      indexedPanels: indexed,
      byModality,
      byLicense,
      byYear,
    };
  }
}
