import type { QueryRunner } from 'typeorm';
import type { GivenArticle } from '../../domain/article.js';
import { articleIdOf } from '../../domain/ids.js';
import { indexWords } from './keywords/word-index.js';
import { valueKey } from '../../domain/text/fold-text.js';

/**
 * Writes what this record says of the article; what only an earlier record said stays.
 * @returns the id under which it is stored: records that name one article by different ids name one row
 */
export async function upsertArticle(runner: QueryRunner, given: GivenArticle): Promise<string> {
  const [storedId, ...others] = await storedIdsOf(runner, given);
  const id = storedId ?? (await freeId(runner, given));
  const before = await articleWords(runner, id);
  await runner.query(
    `INSERT INTO article (id, pmcid, pmid, doi, title, authors, journal, year, license, url, retracted,
       title_key, journal_key, license_key, license_text)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, COALESCE(?11, 0), ?12, ?13, ?14, ?15)
     ON CONFLICT (id) DO UPDATE SET pmcid = COALESCE(excluded.pmcid, pmcid), pmid = COALESCE(excluded.pmid, pmid),
       doi = COALESCE(excluded.doi, doi), title = excluded.title, title_key = excluded.title_key,
       authors = CASE excluded.authors WHEN '[]' THEN authors ELSE excluded.authors END,
       journal = COALESCE(excluded.journal, journal), journal_key = COALESCE(excluded.journal_key, journal_key),
       year = COALESCE(excluded.year, year), license = COALESCE(excluded.license, license),
       license_key = COALESCE(excluded.license_key, license_key),
       license_text = COALESCE(excluded.license_text, license_text), url = COALESCE(excluded.url, url),
       retracted = COALESCE(?11, retracted)`,
    [
      id,
      given.pmcid,
      given.pmid,
      given.doi,
      given.title,
      JSON.stringify(given.authors),
      given.journal,
      given.year,
      given.license,
      given.url,
      given.retracted === null ? null : Number(given.retracted),
      valueKey(given.title),
      keyOrNull(given.journal),
      keyOrNull(given.license),
      given.licenseText,
    ],
  );
  const after = await articleWords(runner, id);
  for (const other of others) await mergeArticles(runner, other, id);
  if (before !== null && (before !== after || others.length > 0)) await indexWords(runner, 'figure.article_id', id);
  return id;
}

export function keyOrNull(value: string | null): string | null {
  return value === null ? null : valueKey(value);
}

interface StoredIds {
  readonly id: string;
  readonly pmcid: string | null;
  readonly pmid: string | null;
  readonly doi: string | null;
}

/**
 * The articles with the same PMC id, DOI or PMID and none that differs: this record tells that they are one. Without any
 * id, the one with the same title, journal and year.
 */
async function storedIdsOf(runner: QueryRunner, given: GivenArticle): Promise<readonly string[]> {
  const { pmcid, doi, pmid } = given;
  if (pmcid === null && doi === null && pmid === null) return articleOfTitle(runner, given);
  const found = (await runner.query(
    `SELECT id, pmcid, pmid, doi FROM article WHERE pmcid = ?1
     UNION ALL SELECT id, pmcid, pmid, doi FROM article WHERE doi = ?2
     UNION ALL SELECT id, pmcid, pmid, doi FROM article WHERE pmid = ?3`,
    [pmcid, doi, pmid],
  )) as StoredIds[];
  const same = new Set<string>();
  let merged: Omit<StoredIds, 'id'> = given;
  for (const stored of found) {
    if (contradict(stored, merged)) continue;
    same.add(stored.id);
    merged = {
      pmcid: merged.pmcid ?? stored.pmcid,
      pmid: merged.pmid ?? stored.pmid,
      doi: merged.doi ?? stored.doi,
    };
  }
  return [...same];
}

function contradict(one: Omit<StoredIds, 'id'>, other: Omit<StoredIds, 'id'>): boolean {
  return (['pmcid', 'doi', 'pmid'] as const).some(
    (kind) => one[kind] !== null && other[kind] !== null && one[kind] !== other[kind],
  );
}

/** The id of a new article; not one that names another article since it was merged. */
async function freeId(runner: QueryRunner, { id, pmcid, doi, pmid }: GivenArticle): Promise<string> {
  const taken = (await runner.query('SELECT 1 FROM article_alias WHERE former_id = ?', [id])) as object[];
  return taken.length === 0 ? id : articleIdOf(JSON.stringify([id, pmcid, doi, pmid]));
}

/** Makes one article of two; the id of the first one goes on naming it. */
async function mergeArticles(runner: QueryRunner, formerId: string, id: string): Promise<void> {
  await runner.query(
    `UPDATE article SET pmcid = COALESCE(article.pmcid, former.pmcid), pmid = COALESCE(article.pmid, former.pmid),
       doi = COALESCE(article.doi, former.doi), journal = COALESCE(article.journal, former.journal),
       journal_key = COALESCE(article.journal_key, former.journal_key), year = COALESCE(article.year, former.year),
       license = COALESCE(article.license, former.license),
       license_key = COALESCE(article.license_key, former.license_key),
       license_text = COALESCE(article.license_text, former.license_text), url = COALESCE(article.url, former.url),
       retracted = article.retracted OR former.retracted
     FROM article AS former WHERE article.id = ? AND former.id = ?`,
    [id, formerId],
  );
  await runner.query('UPDATE figure SET article_id = ? WHERE article_id = ?', [id, formerId]);
  await runner.query('UPDATE article_alias SET article_id = ? WHERE article_id = ?', [id, formerId]);
  await runner.query('DELETE FROM article WHERE id = ?', [formerId]);
  await runner.query('INSERT INTO article_alias (former_id, article_id) VALUES (?, ?)', [formerId, id]);
}

async function articleOfTitle(runner: QueryRunner, { title, journal, year }: GivenArticle): Promise<readonly string[]> {
  const found = (await runner.query(
    `SELECT id FROM article WHERE title_key = ? AND journal_key IS ? AND year IS ?
       AND pmcid IS NULL AND doi IS NULL AND pmid IS NULL`,
    [valueKey(title), keyOrNull(journal), year],
  )) as { id: string }[];
  return found.slice(0, 1).map(({ id }) => id);
}

/** What the keyword index holds of an article: its figures are found by these words too. */
async function articleWords(runner: QueryRunner, id: string): Promise<string | null> {
  const rows = (await runner.query('SELECT title, journal, pmcid, pmid, doi FROM article WHERE id = ?', [
    id,
  ])) as object[];
  return rows[0] === undefined ? null : JSON.stringify(rows[0]);
}
