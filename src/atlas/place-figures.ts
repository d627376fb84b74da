import { noCluster, withPoints, type Atlas, type AtlasPoints } from '../domain/atlas.js';
import type { CorpusState } from '../domain/corpus-state.js';
import { findNeighbors, isWhole, neighborsOfPoint, type GraphSources, type Neighbor } from './neighbor-graph.js';

const vectorsAtOnce = 200;
/** Below it, two figures count as equally near: a copy would else take all the weight. */
const minDistance = 0.01;
/** Weights fall with this power of the distance, so that a figure lies among its nearest, not between groups. */
const power = 4;

export interface PlacingOptions {
  readonly asOf: CorpusState;
  /** At most so many figures are placed. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** A map, and whether every figure with a vector has its place. */
export interface PlacedAtlas {
  readonly atlas: Atlas;
  readonly isComplete: boolean;
}

/**
 * Gives a place to figures that came after a map was made: the mean of the places of their nearest neighbors, weighted by
 * 1 / distance⁴ (inverse distance weighting; Shepard, “A two-dimensional interpolation function for irregularly-spaced data”,
 * ACM 1968). Figures without a neighbor on the map are passed over.
 * @throws {FigseekError} INDEX_UNAVAILABLE
 */
export async function placeFigures(sources: GraphSources, atlas: Atlas, options: PlacingOptions): Promise<PlacedAtlas> {
  const { asOf, limit, signal } = options;
  const rows = new Map(Array.from(atlas.panels, (panel, row) => [panel, row]));
  const added = new AddedPoints();
  let lastVector = atlas.lastVector;
  while (added.size < limit && !signal.aborted) {
    const part = await sources.vectors.scan(atlas.space, 'IMAGE', lastVector, vectorsAtOnce);
    const known = part.filter(({ seq }) => seq <= asOf.lastEmbedding);
    const last = known.at(-1);
    if (last === undefined) return { atlas: added.addTo(atlas, lastVector), isComplete: true };
    for (const { panel, vector } of known) {
      if (rows.has(panel) || !isWhole(sources.panels, panel)) continue;
      const isOnMap = (number: number): boolean => rows.has(number);
      const near = await findNeighbors(sources, { vector, panel, asOf }, neighborsOfPoint, isOnMap);
      added.add(
        panel,
        near.map((one) => ({ ...one, row: rows.get(one.panel) ?? 0 })),
        atlas,
      );
    }
    lastVector = last.seq;
  }
  return { atlas: added.addTo(atlas, lastVector), isComplete: false };
}

/** Points on their way to a map. */
class AddedPoints {
  private readonly panels: number[] = [];
  private readonly x: number[] = [];
  private readonly y: number[] = [];
  private readonly cluster: number[] = [];

  get size(): number {
    return this.panels.length;
  }

  add(panel: number, near: readonly (Neighbor & { readonly row: number })[], atlas: AtlasPoints): void {
    const [nearest] = near;
    if (nearest === undefined) return;
    let [sum, x, y] = [0, 0, 0];
    for (const { row, distance } of near) {
      const weight = 1 / Math.max(distance, minDistance) ** power;
      sum += weight;
      x += weight * (atlas.x[row] ?? 0);
      y += weight * (atlas.y[row] ?? 0);
    }
    this.panels.push(panel);
    this.x.push(x / sum);
    this.y.push(y / sum);
    this.cluster.push(atlas.cluster[nearest.row] ?? noCluster);
  }

  addTo(atlas: Atlas, lastVector: number): Atlas {
    const points = {
      panels: Uint32Array.from(this.panels),
      x: Float32Array.from(this.x),
      y: Float32Array.from(this.y),
      cluster: Uint16Array.from(this.cluster),
    };
    return lastVector === atlas.lastVector ? atlas : withPoints(atlas, points, lastVector);
  }
}
