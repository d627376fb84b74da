import type { QueryRunner } from 'typeorm';
import { searchableText } from './searchable-text.js';

/** Columns of `figure_words`, in their order. */
interface Words {
  readonly seq: number;
  readonly caption: string;
  readonly alt: string | null;
  readonly label: string | null;
  readonly labels: string;
  readonly title: string | null;
  readonly journal: string | null;
  readonly mentions: string;
  readonly ids: string;
}

const chunk = 500;

const wordsOfFigures = `
  SELECT figure.seq, figure.caption, figure.alt, figure.label, article.title, article.journal,
    (SELECT group_concat(value, ' . ') FROM json_each(figure.labels)) AS labels,
    (SELECT group_concat(value, ' . ') FROM json_each(figure.mentions)) AS mentions,
    concat_ws(' ', figure.source_key, article.pmcid, article.pmid, article.doi) AS ids
  FROM figure LEFT JOIN article ON article.id = figure.article_id`;

/** Puts the words of figures anew into the keyword index, as figure and article have them now. */
export async function indexWords(
  runner: QueryRunner,
  key: 'figure.seq' | 'figure.article_id',
  value: number | string,
): Promise<void> {
  const figures = (await runner.query(`${wordsOfFigures} WHERE ${key} = ?`, [value])) as Words[];
  for (const words of figures) await indexOne(runner, words);
}

/** All figures of the corpus, for a migration that changes what is indexed. */
export async function indexAllWords(runner: QueryRunner): Promise<void> {
  for (let after = 0; ;) {
    const figures = (await runner.query(`${wordsOfFigures} WHERE figure.seq > ? ORDER BY figure.seq LIMIT ?`, [
      after,
      chunk,
    ])) as Words[];
    for (const words of figures) await indexOne(runner, words);
    const last = figures.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}

async function indexOne(runner: QueryRunner, words: Words): Promise<void> {
  const { seq, caption, alt, label, labels, title, journal, mentions, ids } = words;
  await runner.query('DELETE FROM figure_words WHERE rowid = ?', [seq]);
  await runner.query(
    `INSERT INTO figure_words (rowid, caption, alt, label, labels, title, journal, mentions, ids)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [seq, ...[caption, alt, label, labels, title, journal, mentions, ids].map((text) => searchableText(text ?? ''))],
  );
}
