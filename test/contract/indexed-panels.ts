import { imageHashOf, type PanelId } from '../../src/domain/ids.js';
import type { IndexedPanel, VectorKind } from '../../src/domain/search.js';

/** What SQL tells of labels, for a source in memory: a panel named by its label, none for a deleted one. */
export function indexedPanels(
  kind: VectorKind,
  labels: readonly number[],
  deleted: ReadonlySet<number>,
): ReadonlyMap<number, IndexedPanel> {
  const alive = labels.filter((seq) => !deleted.has(seq));
  return new Map(
    alive.map((seq) => {
      const imageHash = imageHashOf(Buffer.from(String(seq)));
      const own = { IMAGE: null, CAPTION: null, [kind]: seq };
      return [seq, { panelId: `panel-${seq}` as PanelId, figureSeq: seq, imageHash, labels: own }];
    }),
  );
}
