import type { VectorKind } from '../../domain/search.js';
import { defaultEf, filteredEf } from './engine.js';
import type { AllowedRowsOfKind, IndexSnapshot } from './index-snapshot.js';
import type { Neighbors } from './workers/messages.js';
import type { WorkerPool } from './workers/worker-pool.js';

export interface RowQuery {
  readonly kind: VectorKind;
  /** float32 [dimensions], of unit length */
  readonly vector: Float32Array;
  readonly k: number;
  /** Compare with every vector in place of the approximate index. */
  readonly exact?: boolean;
  readonly filter: AllowedRowsOfKind | null;
  readonly signal?: AbortSignal | undefined;
}

export interface RowAnswer {
  /** Panels, best first. Some may have been deleted since the generation was built. */
  readonly neighbors: readonly PanelNeighbor[];
  /** Whether every vector that the filter allows was compared. */
  readonly exact: boolean;
}

/** The rows nearest to a unit vector, of the published generation and of the delta together. */
export async function nearestRows(pool: WorkerPool, served: IndexSnapshot, query: RowQuery): Promise<RowAnswer> {
  const [published, recent] = await Promise.all([nearestPublished(served, query), nearestRecent(pool, served, query)]);
  const { segmentPanels, delta } = served.kinds[query.kind];
  const neighbors = [
    ...neighborsOf(published.found, segmentPanels, 0),
    ...neighborsOf(recent, delta.panels, segmentPanels.length),
  ];
  neighbors.sort((a, b) => b.score - a.score || a.row - b.row);
  return { neighbors: neighbors.slice(0, query.k), exact: published.exact };
}

/** By the graph, or exactly: where it was asked for, where few vectors are allowed, and where the graph gave too few. */
async function nearestPublished(
  served: IndexSnapshot,
  { kind, vector, k, exact = false, filter, signal }: RowQuery,
): Promise<{ readonly found: Neighbors | null; readonly exact: boolean }> {
  const { segment } = served.kinds[kind];
  if (segment === null) return { found: null, exact: true };
  const asked = { k, filter: filter?.segment ?? null, signal };
  const allowed = asked.filter?.count ?? segment.entry.count;
  if (allowed === 0) return { found: null, exact: true };
  const scans = exact || !segment.hasGraph || (asked.filter !== null && allowed <= segment.exactLimit);
  if (!scans) {
    const ef = asked.filter === null ? defaultEf(k) : filteredEf(k, segment.entry.count);
    const found = await segment.searchApproximate(vector, ef, asked);
    if (found.rows.length >= Math.min(k, allowed)) return { found, exact: false };
  }
  return { found: await segment.searchExact(vector, asked), exact: true };
}

async function nearestRecent(
  pool: WorkerPool,
  served: IndexSnapshot,
  { kind, vector, k, filter, signal }: RowQuery,
): Promise<Neighbors | null> {
  const { chunks, size, dimensions } = served.kinds[kind].delta;
  if (size === 0 || filter?.delta.count === 0) return null;
  const allowed = filter?.delta.bits ?? null;
  const work = { kind: 'scan', chunks, count: size, dimensions, queries: vector, k, allowed } as const;
  return pool.run(work, { signal });
}

interface PanelNeighbor {
  readonly panel: number;
  readonly score: number;
  /** Among the rows of the segment and then those of the delta. */
  readonly row: number;
}

function neighborsOf(found: Neighbors | null, panels: ArrayLike<number>, firstRow: number): readonly PanelNeighbor[] {
  if (found === null) return [];
  return Array.from(found.rows, (row, at) => ({
    panel: panels[row] ?? 0,
    score: found.scores[at] ?? 0,
    row: firstRow + row,
  }));
}
