import type { CorpusState } from '../domain/corpus-state.js';
import type { PanelId } from '../domain/ids.js';
import type { IndexedPanel } from '../domain/search.js';

/**
 * Which panels there are, by their numbers, in memory: an index keeps a number beside each of its entries and need not ask
 * the store whose they are. A number is never given twice.
 */
export abstract class PanelDirectory {
  /** Takes in what was committed up to a state; to be awaited before the other methods are asked about that state. */
  abstract update(state: CorpusState): Promise<void>;

  /** Null where there is no such panel, or where it was deleted. */
  abstract panel(number: number): IndexedPanel | null;

  abstract numberOf(panelId: PanelId): number | null;

  /** Number of the figure that a panel is part of; 0 where the panel was deleted. Filters name figures by their numbers. */
  abstract figureOf(number: number): number;

  /**
   * Number of the group of figures that show the same picture as the panel's figure, as a whole; 0 where it is in no group.
   */
  abstract groupOf(panelId: PanelId): number;

  /** The greatest number that a panel has or had. */
  abstract get lastNumber(): number;
}
