import path from 'node:path';
import type { QueryRunner } from 'typeorm';
import { searchableIds, searchableText } from './searchable-text.js';

/** Columns of `panel_words`, in their order. */
export const wordColumns = ['caption', 'alt', 'label', 'labels', 'title', 'journal', 'mentions', 'ids'] as const;

/**
 * An index of a connection alone that cuts and stems words as `panel_words` does, whose migration is frozen text.
 * @param columns their names
 * @returns the statement that makes it
 */
export function temporaryIndexStatement(table: string, columns: readonly string[]): string {
  return `CREATE VIRTUAL TABLE IF NOT EXISTS temp.${table} USING fts5 (${columns.join(', ')},
    content='', contentless_delete=1, tokenize="porter unicode61 remove_diacritics 0 categories 'L* N* M* Co'")`;
}

/** What the columns are made from. */
export interface Words {
  /** Of the panel. */
  readonly seq: number;
  readonly ordinal: number;
  readonly panelLabel: string | null;
  readonly panelCaption: string | null;
  readonly caption: string;
  readonly alt: string | null;
  readonly label: string | null;
  readonly labels: string | null;
  readonly title: string | null;
  readonly journal: string | null;
  readonly mentions: string | null;
  readonly sourceKey: string;
  readonly pmcid: string | null;
  readonly pmid: string | null;
  readonly doi: string | null;
}

const chunk = 500;

// The whole figure, panel 0, carries all that is said of the figure; a panel of it what is printed of the panel itself.
const wordsOfPanels = `
  SELECT panel.seq, panel.ordinal, panel.label AS panelLabel, panel.caption AS panelCaption,
    figure.caption, figure.alt, figure.label, article.title, article.journal,
    (SELECT group_concat(value, ' . ') FROM json_each(figure.labels)) AS labels,
    (SELECT group_concat(value, ' . ') FROM json_each(figure.mentions)) AS mentions,
    figure.source_key AS sourceKey, article.pmcid, article.pmid, article.doi
  FROM panel JOIN figure ON figure.id = panel.figure_id LEFT JOIN article ON article.id = figure.article_id`;

/** Puts the words of figures anew into the keyword index, as figure, panels and article have them now. */
export async function indexWords(
  runner: QueryRunner,
  key: 'figure.seq' | 'figure.article_id',
  value: number | string,
): Promise<void> {
  const panels = (await runner.query(`${wordsOfPanels} WHERE ${key} = ?`, [value])) as Words[];
  for (const words of panels) {
    await indexOne(runner, words);
    await runner.query('INSERT INTO word_change (panel_seq) VALUES (?)', [words.seq]);
  }
}

/** All panels of the corpus, after a change of what is indexed. */
export async function indexAllWords(runner: QueryRunner): Promise<void> {
  for (let after = 0; ;) {
    const panels = (await runner.query(`${wordsOfPanels} WHERE panel.seq > ? ORDER BY panel.seq LIMIT ?`, [
      after,
      chunk,
    ])) as Words[];
    for (const words of panels) await indexOne(runner, words);
    const last = panels.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}

/** Texts of the columns of the keyword index, in their order, for each of the panels that exist. */
export async function readSearchableTexts(
  query: (sql: string, values: readonly string[]) => Promise<readonly Words[]>,
  panels: readonly number[],
): Promise<readonly { readonly seq: number; readonly texts: readonly string[] }[]> {
  const rows = await query(`${wordsOfPanels} WHERE panel.seq IN (SELECT value FROM json_each(?))`, [
    JSON.stringify(panels),
  ]);
  return rows.map((words) => ({ seq: words.seq, texts: searchableTexts(words) }));
}

async function indexOne(runner: QueryRunner, words: Words): Promise<void> {
  await runner.query('DELETE FROM panel_words WHERE rowid = ?', [words.seq]);
  await runner.query(
    `INSERT INTO panel_words (rowid, ${wordColumns.join(', ')})
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [words.seq, ...searchableTexts(words)],
  );
}

function searchableTexts(words: Words): readonly string[] {
  if (words.ordinal > 0) {
    const { panelCaption, panelLabel } = words;
    return [panelCaption, null, panelLabel, null, null, null, null, null].map((text) => searchableText(text ?? ''));
  }
  const { caption, alt, label, labels, title, journal, mentions, sourceKey, pmcid, pmid, doi } = words;
  return [
    ...[caption, alt, label, labels, title, journal, mentions].map((text) => searchableText(text ?? '')),
    searchableIds([sourceKey, stemOf(sourceKey), pmcid, pmid, doi]),
  ];
}

/** The name of a file without its folder and suffix: people look for "IMG_1234". */
function stemOf(sourceKey: string): string | null {
  const stem = path.posix.parse(sourceKey).name;
  return stem === sourceKey ? null : stem;
}
