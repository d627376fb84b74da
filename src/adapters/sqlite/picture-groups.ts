import type { QueryRunner } from 'typeorm';
import type { CorpusState } from '../../domain/corpus-state.js';
import { isLogCut } from './change-log.js';
import type { Database } from './database.js';

/**
 * Puts a figure into the group of the first anchor that shows the same picture. A figure that shows the same as a figure in no
 * group makes a group with it, whose anchor is the one that stood there before. Figures that are the same only as members
 * of a group, not as its anchor, stay outside: so a chain of small changes never joins two different pictures.
 */
export async function joinGroup(runner: QueryRunner, panel: number, figure: number): Promise<void> {
  const [own] = (await runner.query('SELECT anchor_seq AS anchor FROM picture_group WHERE figure_seq = ?', [
    figure,
  ])) as {
    anchor: number;
  }[];
  if (own !== undefined) return;
  const alike = (await runner.query(
    `SELECT picture.figure_seq AS figure, picture_group.anchor_seq AS anchor
     FROM picture LEFT JOIN picture_group ON picture_group.figure_seq = picture.figure_seq
     WHERE picture.is_whole AND picture.panel_seq IN (
       SELECT second_seq FROM picture_match WHERE first_seq = ?1 AND is_same
       UNION SELECT first_seq FROM picture_match WHERE second_seq = ?1 AND is_same)
     ORDER BY picture.figure_seq`,
    [panel],
  )) as { figure: number; anchor: number | null }[];
  const anchor =
    alike.find((one) => one.anchor === one.figure)?.figure ?? alike.find((one) => one.anchor === null)?.figure ?? null;
  if (anchor === null) return;
  for (const member of [anchor, figure]) {
    const before = (await runner.query('SELECT 1 FROM picture_group WHERE figure_seq = ?', [member])) as object[];
    if (before.length > 0) continue;
    await runner.query('INSERT INTO picture_group (figure_seq, anchor_seq) VALUES (?, ?)', [member, anchor]);
    await runner.query('INSERT INTO picture_group_change (figure_seq) VALUES (?)', [member]);
  }
}

/** Which group each figure is in, in memory, by the numbers of both. Only figures in a group take memory. */
export class PictureGroups {
  private groups = new Map<number, number>();
  /** Position in the log of changes; null: nothing was read yet. */
  private lastChange: number | null = null;

  constructor(private readonly database: Database) {}

  /** 0: the figure is in no group. */
  groupOf(figure: number): number {
    return this.groups.get(figure) ?? 0;
  }

  isCurrent({ lastGroupChange }: CorpusState): boolean {
    return this.lastChange !== null && lastGroupChange <= this.lastChange;
  }

  /** Reads what changed up to a state; all of it the first time, and where the log was cut off behind the last position. */
  async update(state: CorpusState): Promise<void> {
    if (this.isCurrent(state)) return;
    const { lastGroupChange } = state;
    if (this.lastChange === null || (await isLogCut(this.database, 'picture_group_change', this.lastChange))) {
      const [all] = await this.database.scanner.query<{ pairs: string | null }[]>(
        `SELECT group_concat(figure_seq || ' ' || anchor_seq, ';') AS pairs FROM picture_group`,
      );
      this.groups = new Map();
      this.take(all?.pairs ?? null);
    } else {
      const [changed] = await this.database.scanner.query<{ pairs: string | null }[]>(
        `SELECT group_concat(log.figure_seq || ' ' || COALESCE(picture_group.anchor_seq, 0), ';') AS pairs
         FROM (SELECT DISTINCT figure_seq FROM picture_group_change WHERE id > ?) AS log
           LEFT JOIN picture_group ON picture_group.figure_seq = log.figure_seq`,
        [this.lastChange],
      );
      this.take(changed?.pairs ?? null);
    }
    this.lastChange = lastGroupChange;
  }

  private take(pairs: string | null): void {
    for (const pair of pairs?.split(';') ?? []) {
      const [figure = 0, group = 0] = pair.split(' ').map(Number);
      if (group === 0) this.groups.delete(figure);
      else this.groups.set(figure, group);
    }
  }
}
