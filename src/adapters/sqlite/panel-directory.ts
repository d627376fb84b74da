import type { CorpusState } from '../../domain/corpus-state.js';
import type { PanelId } from '../../domain/ids.js';
import type { IndexedPanel } from '../../domain/search.js';
import { PanelDirectory } from '../../ports/panel-directory.js';
import { isLogCut } from './change-log.js';
import type { Database } from './database.js';
import { PictureGroups } from './picture-groups.js';
import { PanelTable } from './panel-table.js';

/** Rows that one statement gives, in one text: objects of that many rows would hold up the event loop. */
const chunk = 2000;

/**
 * Follows the panels of the database by their row numbers and by the log of those that were deleted, and the groups of
 * figures that show the same picture by the log of figures that joined or left one.
 */
export class SqlitePanelDirectory extends PanelDirectory {
  private table = new PanelTable();
  private lastPanel = 0;
  private hasReported = false;
  private lastRemoval: number | null = null;
  private readonly groups: PictureGroups;
  private updating: Promise<void> = Promise.resolve();

  constructor(private readonly database: Database) {
    super();
    this.groups = new PictureGroups(database);
  }

  update(state: CorpusState): Promise<void> {
    if (this.isCurrent(state)) return Promise.resolve();
    const updated = this.updating.then(() => this.readChanges(state));
    this.updating = updated.catch(() => undefined);
    return updated;
  }

  panel(number: number): IndexedPanel | null {
    return this.table.panel(number);
  }

  numberOf(panelId: PanelId): number | null {
    return this.table.numberOf(panelId);
  }

  figureOf(number: number): number {
    return this.table.figureOf(number);
  }

  groupOf(panelId: PanelId): number {
    const number = this.table.numberOf(panelId);
    return number === null ? 0 : this.groups.groupOf(this.table.figureOf(number));
  }

  get lastNumber(): number {
    return this.table.lastNumber;
  }

  private isCurrent(state: CorpusState): boolean {
    const { lastPanel, lastPanelRemoval } = state;
    const isFollowed = this.lastRemoval !== null && lastPanel <= this.lastPanel && lastPanelRemoval <= this.lastRemoval;
    return isFollowed && this.groups.isCurrent(state);
  }

  private async readChanges(state: CorpusState): Promise<void> {
    if (this.isCurrent(state)) return;
    if (this.lastRemoval !== null && (await isLogCut(this.database, 'panel_removal', this.lastRemoval))) {
      this.table = new PanelTable();
      this.lastPanel = 0;
      this.lastRemoval = null;
    }
    await this.groups.update(state);
    // The log names what is deleted after this moment.
    this.lastRemoval ??= state.lastPanelRemoval;
    await this.readPanels();
    await this.readRemovals(this.lastRemoval);
    this.lastPanel = Math.max(this.lastPanel, state.lastPanel);
    this.lastRemoval = Math.max(this.lastRemoval, state.lastPanelRemoval);
  }

  private async readPanels(): Promise<void> {
    for (;;) {
      const [row] = await this.database.scanner.query<{ last: number | null; panels: string | null }[]>(
        `SELECT MAX(seq) AS last, group_concat(seq || ' ' || id || ' ' || figure || ' ' || hash, ';') AS panels FROM (
           SELECT panel.seq, panel.id, figure.seq AS figure, substr(figure.image_hash, 1, 32) AS hash
           FROM panel JOIN figure ON figure.id = panel.figure_id WHERE panel.seq > ? ORDER BY panel.seq LIMIT ?)`,
        [this.lastPanel, chunk],
      );
      if (row?.last == null) return;
      for (const line of (row.panels ?? '').split(';')) {
        const [number = '', id = '', figure = '', hash = ''] = line.split(' ');
        if (!this.table.set(Number(number), id, Number(figure), hash)) this.reportForeign(id, hash);
      }
      this.lastPanel = row.last;
    }
  }

  private reportForeign(id: string, hash: string): void {
    if (this.hasReported) return;
    this.hasReported = true;
    console.error(
      `The panel ${id} with the image ${hash} is not searched: expected ids made by figseek. Others may be left out too.`,
    );
  }

  private async readRemovals(after: number): Promise<void> {
    const [row] = await this.database.scanner.query<{ last: number | null; panels: string | null }[]>(
      'SELECT MAX(id) AS last, group_concat(panel_seq) AS panels FROM panel_removal WHERE id > ?',
      [after],
    );
    if (row?.last == null) return;
    for (const number of (row.panels ?? '').split(',')) this.table.remove(Number(number));
    this.lastRemoval = row.last;
  }
}
