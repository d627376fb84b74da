import type { Database } from '../database.js';
import { forEachRow, sumVarints } from './fts-numbers.js';

/** Rows of one text: some megabytes of it. */
const panelsAtOnce = 200_000;

/** How many terms each panel of the keyword index has in all its columns. */
export interface PanelLengths {
  /** By the number of the panel; 0 where it has none. */
  readonly lengths: Uint32Array;
}

/** Reads the lengths of all panels, 4 bytes each: to look them up for each posting of a common word takes longer than the word itself. */
export async function readPanelLengths({ scanner }: Database, table: string): Promise<PanelLengths> {
  const [{ last } = { last: 0 }] = await scanner.query<{ last: number | null }[]>(
    `SELECT max(id) AS last FROM ${table}_docsize`,
  );
  const lengths = new Uint32Array((last ?? 0) + 1);
  for (let after = 0; after < lengths.length; after += panelsAtOnce) {
    const [row] = await scanner.query<{ list: string | null }[]>(
      `SELECT group_concat(id || ' ' || hex(sz), ';') AS list FROM ${table}_docsize WHERE id > ? AND id <= ?`,
      [after, after + panelsAtOnce],
    );
    await forEachRow(row?.list ?? '', ([id = '', sizes = '']) => {
      lengths[Number(id)] = sumVarints(sizes);
    });
  }
  return { lengths };
}
