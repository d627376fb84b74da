import { stringify } from 'csv-stringify/sync';

/**
 * Rows as lines of a CSV file (RFC 4180): the only use of csv-stringify. A cell that a spreadsheet would run as a formula begins
 * with an apostrophe.
 */
export function csvLines(rows: readonly (readonly (string | number | null)[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { escape_formulas: true, record_delimiter: 'windows' },
  );
}
