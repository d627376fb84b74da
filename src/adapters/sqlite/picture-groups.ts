import type { QueryRunner } from 'typeorm';
import type { CorpusState } from '../../domain/corpus-state.js';
import { isLogCut } from './change-log.js';
import type { Database } from './database.js';

/**
 * Puts a figure into the group of the first anchor that shows the same picture. A figure that shows the same as a figure in no
 * group makes a group with it, whose anchor is the one that stood there before. Figures that are the same only as members
 * of a group, not as its anchor, stay outside: so a chain of small changes never joins two different pictures. A figure never
 * joins a group with a member of which a person said that it is not the same.
 * @param isLater only figures that came before can be the anchor
 */
async function join(
  runner: QueryRunner,
  { panel, figure }: { readonly panel: number; readonly figure: number },
  isLater: boolean,
): Promise<void> {
  const [own] = (await runner.query('SELECT anchor_seq AS anchor FROM picture_group WHERE figure_seq = ?', [
    figure,
  ])) as {
    anchor: number;
  }[];
  if (own !== undefined) return;
  const alike = (await runner.query(
    `SELECT picture.figure_seq AS figure, picture_group.anchor_seq AS anchor
     FROM picture LEFT JOIN picture_group ON picture_group.figure_seq = picture.figure_seq
     WHERE picture.is_whole AND (NOT ?2 OR picture.figure_seq < ?3) AND picture.panel_seq IN (
       SELECT second_seq FROM picture_match WHERE first_seq = ?1 AND is_same
       UNION SELECT first_seq FROM picture_match WHERE second_seq = ?1 AND is_same)
     ORDER BY picture.figure_seq`,
    [panel, isLater ? 1 : 0, figure],
  )) as { figure: number; anchor: number | null }[];
  const barred = await barredGroups(runner, figure);
  const open = alike.filter((one) => !barred.has(one.anchor ?? one.figure));
  const anchor =
    open.find((one) => one.anchor === one.figure)?.figure ?? open.find((one) => one.anchor === null)?.figure ?? null;
  if (anchor === null) return;
  for (const member of [anchor, figure]) {
    const before = (await runner.query('SELECT 1 FROM picture_group WHERE figure_seq = ?', [member])) as object[];
    if (before.length > 0) continue;
    await runner.query('INSERT INTO picture_group (figure_seq, anchor_seq) VALUES (?, ?)', [member, anchor]);
    await runner.query('INSERT INTO picture_group_change (figure_seq) VALUES (?)', [member]);
  }
}

/** Lets a figure that was compared join a group, as `join` says. */
export function joinGroup(runner: QueryRunner, panel: number, figure: number): Promise<void> {
  return join(runner, { panel, figure }, false);
}

/** Anchors of groups, and figures in no group, that hold a figure of which a person said that it is not the same. */
async function barredGroups(runner: QueryRunner, figure: number): Promise<ReadonlySet<number>> {
  const rows = (await runner.query(
    `SELECT coalesce(picture_group.anchor_seq, other.seq) AS seq
     FROM figure AS own JOIN duplicate_decision AS decided ON decided.decision = 'NOT_SAME'
         AND (decided.first_id = own.id OR decided.second_id = own.id)
       JOIN figure AS other ON other.id IN (decided.first_id, decided.second_id) AND other.id <> own.id
       LEFT JOIN picture_group ON picture_group.figure_seq = other.seq
     WHERE own.seq = ?`,
    [figure],
  )) as { seq: number }[];
  return new Set(rows.map(({ seq }) => seq));
}

/** Forms the groups of some figures anew from what was found of their pictures, after people decided on them. */
export async function regroup(runner: QueryRunner, figureIds: readonly string[]): Promise<void> {
  const members = (await runner.query(
    `SELECT figure.seq AS figure, picture.panel_seq AS panel FROM figure JOIN picture ON picture.figure_seq = figure.seq
     WHERE picture.is_whole AND (figure.id IN (SELECT value FROM json_each(?1)) OR figure.seq IN (
       SELECT figure_seq FROM picture_group WHERE anchor_seq IN (
         SELECT anchor_seq FROM picture_group JOIN figure AS named ON named.seq = picture_group.figure_seq
         WHERE named.id IN (SELECT value FROM json_each(?1))))) ORDER BY figure.seq`,
    [JSON.stringify(figureIds)],
  )) as { figure: number; panel: number }[];
  const list = [JSON.stringify(members.map(({ figure }) => figure))];
  await runner.query('DELETE FROM picture_group WHERE figure_seq IN (SELECT value FROM json_each(?))', list);
  await runner.query('INSERT INTO picture_group_change (figure_seq) SELECT value FROM json_each(?)', list);
  for (const member of members) await join(runner, member, true);
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
