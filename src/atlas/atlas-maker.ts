import { evenlyChosen } from '../domain/evenly-chosen.js';
import { atlasIdAt, noCluster, type Atlas, type AtlasCluster } from '../domain/atlas.js';
import type { CorpusState } from '../domain/corpus-state.js';
import { FigseekError } from '../domain/errors.js';
import type { Places } from '../domain/map-scale.js';
import type { FigureAttributes } from '../ports/figure-attributes.js';
import type { FigureFilters } from '../ports/figure-filters.js';
import type { MapLayout } from '../ports/map-layout.js';
import type { VectorIndex } from '../ports/vector-index.js';
import { findClusters } from './cluster-thread.js';
import { labelClusters } from './cluster-words.js';
import { buildNeighborGraph, listWholePanels, type GraphSources } from './neighbor-graph.js';

/** Most figures that are laid out together: UMAP's memory grows with them. Others are placed by their neighbors. */
const maxLaidOut = 200_000;
const minPoints = 2;

/** Shares of the work at which its steps end: neighbors, layout; the words come last. */
const neighborsEnd = 0.5;
const layoutEnd = 0.95;

/** What a map is made from and with. */
export interface MakerSources extends GraphSources {
  readonly index: Pick<VectorIndex, 'search' | 'generation'>;
  readonly filters: Pick<FigureFilters, 'corpus'>;
  readonly attributes: FigureAttributes;
  readonly layout: MapLayout;
}

export interface MakerOptions {
  /** Told the share that is done, 0..1. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/** Makes a map of all figures that have an image vector of a model. */
export class AtlasMaker {
  constructor(
    private readonly space: string,
    private readonly sources: MakerSources,
  ) {}

  /**
   * @throws {FigseekError} CONFLICT where there are fewer than two figures to lay out; INDEX_UNAVAILABLE;
   * INTERNAL_SERVER_ERROR where the layout fails; the signal's reason where it is aborted
   */
  async make({ onProgress, signal }: MakerOptions): Promise<Atlas> {
    const { index, filters, panels } = this.sources;
    const asOf = await filters.corpus();
    await panels.update(asOf);
    const { panels: all, lastVector } = await listWholePanels(this.sources, this.space, asOf);
    if (all.length < minPoints) {
      throw new FigseekError(
        'CONFLICT',
        `Expected at least ${minPoints} figures with an image vector to make a map but the corpus has ${all.length}`,
      );
    }
    const points = sampled(all);
    const { places, clusters } = await findClusters(await this.layOut(points, asOf, { onProgress, signal }));
    const { cluster, counts } = clusters;
    const figures = points.map((panel) => panels.figureOf(panel));
    const words = await labelClusters(this.sources.attributes, { figures, cluster, count: counts.length }, signal);
    onProgress(1);
    const madeAt = new Date();
    return {
      ...{ id: atlasIdAt(madeAt), space: this.space, generation: await index.generation(), madeAt },
      ...{ laidOut: points.length, lastVector: all.length > points.length ? 0 : lastVector },
      ...{ panels: points, ...places, cluster },
      clusters: describeClusters(places, cluster, words),
    };
  }

  /** @returns float32 [n, 2] */
  private async layOut(
    points: Uint32Array,
    asOf: CorpusState,
    { onProgress, signal }: MakerOptions,
  ): Promise<Float32Array> {
    const { space, sources } = this;
    const graph = await buildNeighborGraph(sources, {
      ...{ space, asOf, points, signal },
      onProgress: (done) => {
        onProgress((neighborsEnd * done) / points.length);
      },
    });
    return sources.layout.layOut(graph, {
      signal,
      onProgress: (share) => {
        onProgress(neighborsEnd + (layoutEnd - neighborsEnd) * share);
      },
    });
  }
}

/** At most `maxLaidOut` of them, spread evenly. */
function sampled(panels: Uint32Array): Uint32Array {
  if (panels.length <= maxLaidOut) return panels;
  return Uint32Array.from(evenlyChosen(panels.length, maxLaidOut), (at) => panels[at] ?? 0);
}

function describeClusters(
  { x, y }: Places,
  cluster: Uint16Array,
  words: readonly (readonly string[])[],
): readonly AtlasCluster[] {
  const sums = words.map(() => ({ x: 0, y: 0, count: 0 }));
  cluster.forEach((number, row) => {
    const sum = number === noCluster ? undefined : sums[number];
    if (sum === undefined) return;
    sum.x += x[row] ?? 0;
    sum.y += y[row] ?? 0;
    sum.count++;
  });
  return sums.map((sum, number) => ({
    words: words[number] ?? [],
    x: sum.x / Math.max(1, sum.count),
    y: sum.y / Math.max(1, sum.count),
    count: sum.count,
  }));
}
