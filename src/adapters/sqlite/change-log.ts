import type { Database } from './database.js';

/** Whether entries behind a position were cut off a log of changes, so that who has read up to it has missed some. */
export async function isLogCut(
  database: Database,
  log: 'panel_removal' | 'picture_group_change',
  position: number,
): Promise<boolean> {
  const [row] = await database.scanner.query<{ first: number | null }[]>(
    `SELECT MIN(id) AS first FROM ${log} WHERE id > ?`,
    [position],
  );
  return row?.first != null && row.first > position + 1;
}
