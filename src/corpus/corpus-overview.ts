import type { PackageManifest } from '../model-packages/package-manifest.js';
import type { MaskStore } from '../ports/mask-store.js';
import type { CorpusCounts } from '../ports/corpus-counts.js';
import type { VectorIndex } from '../ports/vector-index.js';
import type { Encoder } from '../ports/encoder.js';
import type { Viewer } from '../domain/viewer.js';

/** What the corpus holds, and which models are there: for the page, GraphQL and `figseek doctor`. */
export class CorpusOverview {
  constructor(
    /** What serves now. */
    private readonly current: () => { readonly encoder: Encoder; readonly space: VectorIndex },
    private readonly packages: (viewer: Viewer) => Promise<{
      readonly packages: readonly PackageManifest[];
      /** Name of the package that finds panels; null where rules do. */
      readonly activeDetector: string | null;
    }>,
    private readonly corpus: CorpusCounts,
    private readonly masks: Pick<MaskStore, 'count'>,
  ) {}

  /** All model packages; the one that embeds says by which provider it runs. */
  async models(viewer: Viewer) {
    const { encoder } = this.current();
    const { packages, activeDetector } = await this.packages(viewer);
    return packages.map((one) => {
      const embeds = one.name === encoder.model.name;
      const dimensions = one.kind === 'dual-encoder' ? one.dimensions : null;
      const active = embeds || (one.kind === 'panel-detector' && one.name === activeDetector);
      return { ...one, dimensions, active, provider: embeds ? encoder.status().provider : null };
    });
  }

  async stats(_viewer: Viewer) {
    const { encoder, space } = this.current();
    const [counts, masks, status, byModality, byLicense, byYear] = await Promise.all([
      this.corpus.counts(),
      this.masks.count(),
      space.status(),
      this.corpus.countBy('modality'),
      this.corpus.countBy('license'),
      this.corpus.countBy('year'),
    ]);
    const { generation, indexed } = status;
    return {
      ...counts,
      masks,
      model: encoder.model.name,
      generation,
      indexedPanels: indexed,
      byModality,
      byLicense,
      byYear,
    };
  }
}
