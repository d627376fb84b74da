import type { PanelId } from '../../domain/ids.js';
import type { VectorKind } from '../../domain/search.js';
import { dot } from '../../domain/vector.js';
import type { IndexSnapshot } from './index-snapshot.js';

/** float32 [dimensions]; null for no row. */
export async function vectorOfRow(
  served: IndexSnapshot,
  kind: VectorKind,
  row: number | null,
): Promise<Float32Array | null> {
  if (row === null) return null;
  const { segment, segmentPanels, delta } = served.kinds[kind];
  if (row >= segmentPanels.length) return delta.vectorAt(row - segmentPanels.length);
  const [vector] = (await segment?.readVectors([row])) ?? [];
  return vector ?? null;
}

/**
 * The cosine of each of some vectors with each panel's.
 * @param rows of the panels: those of the segment first, then those of the delta
 */
export async function scoreRows(
  served: IndexSnapshot,
  kind: VectorKind,
  vectors: readonly Float32Array[],
  rows: ReadonlyMap<PanelId, number>,
): Promise<ReadonlyMap<PanelId, Float32Array>> {
  const { segment, segmentPanels, delta } = served.kinds[kind];
  const published = [...rows].filter(([, row]) => row < segmentPanels.length);
  const scores =
    segment === null || published.length === 0
      ? new Float32Array(0)
      : await segment.score(
          joined(vectors),
          published.map(([, row]) => row),
        );
  const result = new Map<PanelId, Float32Array>();
  for (const [at, [panel]] of published.entries()) {
    result.set(
      panel,
      Float32Array.from(vectors, (_, query) => scores[query * published.length + at] ?? 0),
    );
  }
  for (const [panel, row] of rows) {
    if (row < segmentPanels.length) continue;
    const stored = delta.vectorAt(row - segmentPanels.length);
    result.set(
      panel,
      Float32Array.from(vectors, (vector) => dot(vector, stored)),
    );
  }
  return result;
}

function joined(vectors: readonly Float32Array[]): Float32Array {
  const length = vectors[0]?.length ?? 0;
  const all = new Float32Array(vectors.length * length);
  vectors.forEach((vector, at) => {
    all.set(vector, at * length);
  });
  return all;
}
