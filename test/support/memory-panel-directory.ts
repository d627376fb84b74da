import { figureIdOfPanel, wholeFigurePanelId, type PanelId } from '../../src/domain/ids.js';
import type { IndexedPanel } from '../../src/domain/search.js';
import { PanelDirectory } from '../../src/ports/panel-directory.js';

interface Entry {
  readonly panel: IndexedPanel;
  readonly figure: number;
}

/** Panels by their numbers in two maps. What is stored and removed is known from the next `update` on. */
export class MemoryPanelDirectory extends PanelDirectory {
  private readonly entries = new Map<number, Entry>();
  private readonly numbers = new Map<PanelId, number>();
  private changes: { readonly number: number; readonly entry: Entry | null }[] = [];
  private greatest = 0;
  /** Groups of figures that show the same picture, by their panels 0. */
  readonly groups = new Map<PanelId, number>();

  /**
   * @param number of the panel
   * @param figure the number of its figure
   * @param imageKey equal for two panels exactly where they are parts of one image file
   */
  store(number: number, panelId: PanelId, figure: number, imageKey: string): void {
    const panel = { panelId, figureId: figureIdOfPanel(panelId), imageKey };
    this.changes.push({ number, entry: { panel, figure } });
  }

  remove(number: number): void {
    this.changes.push({ number, entry: null });
  }

  update(): Promise<void> {
    for (const { number, entry } of this.changes) {
      const before = this.entries.get(number);
      if (before !== undefined && this.numbers.get(before.panel.panelId) === number) {
        this.numbers.delete(before.panel.panelId);
      }
      this.entries.delete(number);
      this.greatest = Math.max(this.greatest, number);
      if (entry === null) continue;
      this.entries.set(number, entry);
      this.numbers.set(entry.panel.panelId, number);
    }
    this.changes = [];
    return Promise.resolve();
  }

  panel(number: number): IndexedPanel | null {
    return this.entries.get(number)?.panel ?? null;
  }

  numberOf(panelId: PanelId): number | null {
    return this.numbers.get(panelId) ?? null;
  }

  figureOf(number: number): number {
    return this.entries.get(number)?.figure ?? 0;
  }

  groupOf(panelId: PanelId): number {
    return this.groups.get(wholeFigurePanelId(figureIdOfPanel(panelId))) ?? 0;
  }

  get lastNumber(): number {
    return this.greatest;
  }
}
