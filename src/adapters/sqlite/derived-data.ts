import type { QueryRunner } from 'typeorm';
import { FigseekError } from '../../domain/errors.js';
import { keepLabels } from './figure-labels.js';
import { indexAllWords } from './keywords/word-index.js';
import { signatureVersion } from '../../imaging/pictures/signature-bytes.js';
import { valueKey } from '../../domain/text/fold-text.js';

/**
 * Version of what the database keeps beside the records and can make again from them: the keyword index, and the keys by
 * which values are compared. Raise it with every change of how they are made (src/adapters/sqlite/keywords).
 */
const derivedVersion = '2';
const property = 'derived_version';
/** The version of the signatures of pictures, and of what was found by them. */
const pictureProperty = 'picture_version';

/** Makes derived data anew where another version of the program made it; in the transaction of the migrations. */
export async function ensureDerivedData(runner: QueryRunner): Promise<void> {
  if (!(await arePicturesCurrent(runner))) await forgetPictures(runner);
  if (!(await areWordsCurrent(runner))) await makeWordsAndKeys(runner);
}

async function makeWordsAndKeys(runner: QueryRunner): Promise<void> {
  await keyValues(runner, 'figure', 'license');
  await keyValues(runner, 'figure', 'modality');
  await keyValues(runner, 'article', 'license');
  await keyValues(runner, 'article', 'journal');
  await keyValues(runner, 'article', 'title');
  await keyLabels(runner);
  await runner.query(`INSERT INTO panel_words (panel_words) VALUES ('delete-all')`);
  await indexAllWords(runner);
  // A gap in the log: whoever follows it reads all words anew.
  await runner.query(
    `INSERT INTO word_change (id, panel_seq)
     SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'word_change'), 0) + 2, 0`,
  );
  await setProperty(runner, property, derivedVersion);
  await runner.query(`UPDATE property SET value = CAST(value AS INTEGER) + 1 WHERE name = 'corpus_version'`);
}

export async function isDerivedDataCurrent(runner: QueryRunner): Promise<boolean> {
  return (await areWordsCurrent(runner)) && (await arePicturesCurrent(runner));
}

async function setProperty(runner: QueryRunner, name: string, value: string): Promise<void> {
  await runner.query(`INSERT INTO property VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, [
    name,
    value,
  ]);
}

function arePicturesCurrent(runner: QueryRunner): Promise<boolean> {
  return isCurrent(runner, {
    property: pictureProperty,
    version: String(signatureVersion),
    what: 'signatures of pictures',
  });
}

/** All pictures wait for a signature again: they are read beside other work (src/corpus/pictures). */
async function forgetPictures(runner: QueryRunner): Promise<void> {
  await runner.query('DELETE FROM picture_match');
  await runner.query('DELETE FROM picture_code');
  await runner.query('INSERT INTO picture_group_change (figure_seq) SELECT figure_seq FROM picture_group');
  await runner.query('DELETE FROM picture_group');
  // The rows that the migration has just made are as they ought to be.
  await runner.query('UPDATE picture SET state = 0, signature = NULL WHERE state <> 0 OR signature IS NOT NULL');
  await setProperty(runner, pictureProperty, String(signatureVersion));
}

function areWordsCurrent(runner: QueryRunner): Promise<boolean> {
  return isCurrent(runner, { property, version: derivedVersion, what: 'keyword index' });
}

/** @throws {FigseekError} DATABASE_UNAVAILABLE where a newer version of the program made it */
async function isCurrent(
  runner: QueryRunner,
  { property: name, version, what }: { property: string; version: string; what: string },
): Promise<boolean> {
  const [made] = (await runner.query('SELECT value FROM property WHERE name = ?', [name])) as { value: string }[];
  if (Number(made?.value ?? 0) > Number(version)) {
    throw new FigseekError(
      'DATABASE_UNAVAILABLE',
      `Expected a database of this version of figseek or an older one, but a newer one has made its ${what} (${made?.value ?? ''}): use that version`,
    );
  }
  return made?.value === version;
}

/** Writes the key of each value of a column. */
async function keyValues(
  runner: QueryRunner,
  table: 'figure' | 'article',
  column: 'license' | 'modality' | 'journal' | 'title',
): Promise<void> {
  const rows = (await runner.query(`SELECT DISTINCT ${column} AS value FROM ${table} WHERE ${column} IS NOT NULL`)) as {
    value: string;
  }[];
  await runner.query('CREATE TEMP TABLE value_key (value TEXT PRIMARY KEY NOT NULL, key TEXT NOT NULL) WITHOUT ROWID');
  for (let start = 0; start < rows.length; start += 10_000) {
    const pairs = rows.slice(start, start + 10_000).map(({ value }) => [value, valueKey(value)]);
    await runner.query(`INSERT INTO value_key SELECT value ->> 0, value ->> 1 FROM json_each(?)`, [
      JSON.stringify(pairs),
    ]);
  }
  await runner.query(
    `UPDATE ${table} SET ${column}_key = value_key.key FROM value_key WHERE ${table}.${column} = value_key.value`,
  );
  await runner.query('DROP TABLE value_key');
}

async function keyLabels(runner: QueryRunner): Promise<void> {
  await runner.query('DELETE FROM figure_label');
  for (let after = 0; ;) {
    const figures = (await runner.query(
      `SELECT seq, labels FROM figure WHERE labels <> '[]' AND seq > ? ORDER BY seq LIMIT 1000`,
      [after],
    )) as { seq: number; labels: string }[];
    for (const { seq, labels } of figures) await keepLabels(runner, seq, JSON.parse(labels) as string[]);
    const last = figures.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}
