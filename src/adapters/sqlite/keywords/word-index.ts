import path from 'node:path';
import type { QueryRunner } from 'typeorm';
import { searchableIds, searchableText } from './searchable-text.js';

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
  readonly sourceKey: string;
  readonly pmcid: string | null;
  readonly pmid: string | null;
  readonly doi: string | null;
}

const chunk = 500;

const wordsOfFigures = `
  SELECT figure.seq, figure.caption, figure.alt, figure.label, article.title, article.journal,
    (SELECT group_concat(value, ' . ') FROM json_each(figure.labels)) AS labels,
    (SELECT group_concat(value, ' . ') FROM json_each(figure.mentions)) AS mentions,
    figure.source_key AS sourceKey, article.pmcid, article.pmid, article.doi
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

/** All figures of the corpus, after a change of what is indexed. */
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
  const { seq, caption, alt, label, labels, title, journal, mentions, sourceKey, pmcid, pmid, doi } = words;
  await runner.query('DELETE FROM figure_words WHERE rowid = ?', [seq]);
  await runner.query(
    `INSERT INTO figure_words (rowid, caption, alt, label, labels, title, journal, mentions, ids)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      seq,
      ...[caption, alt, label, labels, title, journal, mentions].map((text) => searchableText(text ?? '')),
      searchableIds([sourceKey, stemOf(sourceKey), pmcid, pmid, doi]),
    ],
  );
}

/** The name of a file without its folder and suffix: people look for "IMG_1234". */
function stemOf(sourceKey: string): string | null {
  const stem = path.posix.parse(sourceKey).name;
  return stem === sourceKey ? null : stem;
}
