import type { VectorKind } from '../../domain/search.js';
import type { EmbeddingSource } from '../../ports/embedding-source.js';

const chunkRows = 5000;

/**
 * The panels of a generation that was built without them, from the database.
 * @param labels of the rows, ascending
 * @returns the number of the panel of each row; 0 where the vector was deleted
 */
export async function readSegmentPanels(
  source: EmbeddingSource,
  space: string,
  kind: VectorKind,
  labels: Uint32Array,
): Promise<Uint32Array> {
  const panels = new Uint32Array(labels.length);
  let row = 0;
  for (let after = 0; row < labels.length;) {
    const chunk = await source.scanPanels(space, kind, after, chunkRows);
    for (const { seq, panel } of chunk) {
      while (row < labels.length && (labels[row] ?? 0) < seq) row++;
      if (labels[row] === seq) panels[row] = panel;
    }
    const last = chunk.at(-1);
    if (last === undefined) break;
    after = last.seq;
  }
  return panels;
}
