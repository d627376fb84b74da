import type { CorpusState } from '../domain/corpus-state.js';
import { isWholeFigure, wholeFigurePanelId } from '../domain/ids.js';
import { vectorChunks, type EmbeddingSource } from '../ports/embedding-source.js';
import type { NeighborGraph } from '../ports/map-layout.js';
import type { PanelDirectory } from '../ports/panel-directory.js';
import type { VectorIndex } from '../ports/vector-index.js';

/** UMAP's usual number: more gives a smoother map and costs in proportion. */
export const neighborsOfPoint = 15;
/** Panels that are asked for, of which several may be of one figure. */
const panelsPerNeighbor = 3;
/** The greatest distance of two unit vectors (1 − cosine). */
const maxDistance = 2;
/** Searches that wait for each other: one keeps the threads of the index free for people. */
const searchesAtOnce = 2;
const panelsAtOnce = 5000;

/** What is asked for vectors and panels. */
export interface GraphSources {
  readonly index: Pick<VectorIndex, 'search'>;
  readonly vectors: Pick<EmbeddingSource, 'scan' | 'scanPanels'>;
  readonly panels: PanelDirectory;
}

/** Another figure as a neighbor: the number of its panel 0, and 1 − cosine. */
export interface Neighbor {
  readonly panel: number;
  readonly distance: number;
}

/**
 * The figures nearest to a vector, of those that `isCandidate` allows, the nearest first, at most `k`. A figure is as near as
 * its nearest panel.
 */
export async function findNeighbors(
  { index, panels }: Pick<GraphSources, 'index' | 'panels'>,
  { vector, panel, asOf }: { readonly vector: Float32Array; readonly panel: number; readonly asOf: CorpusState },
  k: number,
  isCandidate: (panel: number) => boolean,
): Promise<readonly Neighbor[]> {
  const found = new Map<number, number>();
  const answer = await index.search('IMAGE', vector, { k: panelsPerNeighbor * k + 1, asOf });
  for (const { figureId, score } of answer.panels) {
    const whole = panels.numberOf(wholeFigurePanelId(figureId));
    if (whole === null || whole === panel || found.has(whole) || !isCandidate(whole)) continue;
    found.set(whole, Math.min(maxDistance, Math.max(0, 1 - score)));
    if (found.size === k) break;
  }
  return [...found].map(([number, distance]) => ({ panel: number, distance }));
}

/**
 * Numbers of the panels 0 that have an image vector, in the order of these, and the number of the last vector.
 * @param asOf what came later is left out: `panels` does not know it
 */
export async function listWholePanels(
  { vectors, panels }: Pick<GraphSources, 'vectors' | 'panels'>,
  space: string,
  { lastEmbedding }: Pick<CorpusState, 'lastEmbedding'>,
): Promise<{ readonly panels: Uint32Array; readonly lastVector: number }> {
  const found: number[] = [];
  let lastVector = 0;
  for (;;) {
    const part = await vectors.scanPanels(space, 'IMAGE', lastVector, panelsAtOnce);
    const known = part.filter(({ seq }) => seq <= lastEmbedding);
    const last = known.at(-1);
    if (last === undefined) return { panels: Uint32Array.from(found), lastVector };
    for (const { panel } of known) if (isWhole(panels, panel)) found.push(panel);
    lastVector = last.seq;
  }
}

/** Whether the panel exists and is the whole of its figure. */
export function isWhole(panels: Pick<PanelDirectory, 'panel'>, number: number): boolean {
  const panel = panels.panel(number);
  return panel !== null && isWholeFigure(panel.panelId);
}

/** What a graph is made of, and how the work is told and ended. */
export interface GraphRequest {
  readonly space: string;
  readonly asOf: CorpusState;
  /** Numbers of the panels that become points. */
  readonly points: Uint32Array;
  /** Told how many points are done. */
  readonly onProgress: (done: number) => void;
  readonly signal: AbortSignal;
}

/**
 * The neighbors of each point by the index. Memory: 8 bytes a point and neighbor, and 1000 vectors at a time.
 * @throws {FigseekError} as the index; the signal's reason
 */
export async function buildNeighborGraph(sources: GraphSources, request: GraphRequest): Promise<NeighborGraph> {
  const { points, space, asOf, signal } = request;
  const count = points.length;
  const k = Math.min(neighborsOfPoint, count - 1);
  const rowOf = new Map(Array.from(points, (panel, row) => [panel, row]));
  const graph = { count, k, neighbors: new Int32Array(count * k), distances: new Float32Array(count * k) };
  const isDone = new Uint8Array(count);
  let done = 0;
  for await (const chunk of vectorChunks(sources.vectors as EmbeddingSource, space, 'IMAGE')) {
    const wanted = chunk.filter(({ panel }) => rowOf.has(panel));
    await inTurns(wanted, searchesAtOnce, async ({ panel, vector }) => {
      signal.throwIfAborted();
      const found = await findNeighbors(sources, { vector, panel, asOf }, k, (other) => rowOf.has(other));
      const row = rowOf.get(panel) ?? 0;
      const near = found.map((one) => ({ row: rowOf.get(one.panel) ?? 0, distance: one.distance }));
      writeRow(graph, row, filled(near, row, graph));
      isDone[row] = 1;
      request.onProgress(++done);
    });
  }
  // Figures that were deleted meanwhile have no vector any more; the answer leaves them out.
  for (const [row, value] of isDone.entries()) if (value === 0) writeRow(graph, row, filled([], row, graph));
  return graph;
}

interface RowNeighbor {
  readonly row: number;
  readonly distance: number;
}

/** With the points beside it at the greatest distance, where too few were found: UMAP takes rows of one length only. */
function filled(found: readonly RowNeighbor[], own: number, { count, k }: NeighborGraph): readonly RowNeighbor[] {
  const all = [...found];
  const taken = new Set([own, ...found.map(({ row }) => row)]);
  for (let step = 1; all.length < k && step < count; step++) {
    const row = (own + step) % count;
    if (!taken.has(row)) all.push({ row, distance: maxDistance });
  }
  return all;
}

function writeRow({ k, neighbors, distances }: NeighborGraph, row: number, found: readonly RowNeighbor[]): void {
  for (const [at, one] of found.entries()) {
    neighbors[row * k + at] = one.row;
    distances[row * k + at] = one.distance;
  }
}

/** Handles items, at most `concurrency` at a time; stops at the first failure. */
async function inTurns<Item>(
  items: readonly Item[],
  concurrency: number,
  handle: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await handle(item);
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}
