import type { QueryRunner } from 'typeorm';
import { valueKey } from '../../domain/text/fold-text.js';

/** Writes the labels of a figure by which it is filtered; of several that differ in their writing alone, the first one. */
export async function keepLabels(runner: QueryRunner, seq: number, labels: readonly string[]): Promise<void> {
  const byKey = new Map<string, string>();
  for (const label of labels) {
    const key = valueKey(label);
    if (key !== '' && !byKey.has(key)) byKey.set(key, label.normalize('NFC').trim());
  }
  await runner.query('DELETE FROM figure_label WHERE figure_seq = ?', [seq]);
  await runner.query(
    `INSERT INTO figure_label (figure_seq, key, label) SELECT ?, value ->> 0, value ->> 1 FROM json_each(?)`,
    [seq, JSON.stringify([...byKey])],
  );
}
