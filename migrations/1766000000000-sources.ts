import path from 'node:path';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Records belong to a named source, and deleted ones are remembered. Labels, journals, modalities, licenses and titles
 * have a key by which they are compared, and ids of articles one form; articles that were stored once for each form of
 * their id become one, and their former ids go on naming it. The keyword index keeps its words as they are given to it.
 *
 * The keys and the words are filled in by the program when it opens the database (src/adapters/sqlite/derived-data.ts).
 */
export class Sources1766000000000 implements MigrationInterface {
  name = 'Sources1766000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
    await assignSources(runner);
    await normalizeArticles(runner);
    const violations = (await runner.query('PRAGMA foreign_key_check')) as object[];
    if (violations.length > 0) throw new Error(`Rows without what they refer to: ${JSON.stringify(violations[0])}`);
  }

  down(): Promise<void> {
    return Promise.reject(
      new Error('Articles that were merged cannot be parted again: restore a copy of the database'),
    );
  }
}

const statements = [
  // Which index files were made from this database: an index of a copy, or of a later state, is none of it.
  `CREATE TABLE index_generation (
    space TEXT NOT NULL,
    generation TEXT NOT NULL,
    manifest_hash TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    PRIMARY KEY (space, generation)
  ) WITHOUT ROWID`,

  `CREATE TABLE source (
    name TEXT PRIMARY KEY NOT NULL,
    input TEXT,
    is_older_than_sources BOOLEAN NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
  )`,
  `CREATE INDEX source_input ON source (input)`,

  // The unique key of a column cannot be dropped: the table is made anew (SQLite, "Making Other Kinds Of Table Schema
  // Changes"). Foreign keys are off while migrations run.
  `CREATE TABLE figure_new (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL DEFAULT '',
    source_key TEXT NOT NULL,
    article_id TEXT REFERENCES article (id),
    label TEXT, caption TEXT NOT NULL, alt TEXT, credit TEXT, license TEXT,
    labels TEXT NOT NULL, modality TEXT,
    image_hash TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    record_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    mentions TEXT NOT NULL DEFAULT '[]',
    pixel_spacing TEXT,
    license_key TEXT,
    modality_key TEXT,
    UNIQUE (source_key, source)
  )`,
  `INSERT INTO figure_new (seq, id, source_key, article_id, label, caption, alt, credit, license, labels, modality,
     image_hash, width, height, record_hash, created_at, mentions, pixel_spacing)
   SELECT seq, id, source_key, article_id, label, caption, alt, credit, license, labels, modality,
     image_hash, width, height, record_hash, created_at, mentions, pixel_spacing FROM figure`,
  // A number that was given once is never given again.
  `DELETE FROM sqlite_sequence WHERE name = 'figure_new'`,
  `INSERT INTO sqlite_sequence (name, seq) SELECT 'figure_new', seq FROM sqlite_sequence WHERE name = 'figure'`,
  `DROP TABLE figure`,
  `ALTER TABLE figure_new RENAME TO figure`,
  `CREATE INDEX figure_article ON figure (article_id)`,
  `CREATE INDEX figure_image ON figure (image_hash)`,

  `CREATE TABLE deleted_figure (
    source TEXT NOT NULL,
    source_key TEXT NOT NULL,
    figure_id TEXT NOT NULL,
    collections TEXT NOT NULL,
    deleted_at INTEGER NOT NULL,
    PRIMARY KEY (source_key, source)
  ) WITHOUT ROWID`,

  `ALTER TABLE article ADD COLUMN title_key TEXT`,
  `ALTER TABLE article ADD COLUMN journal_key TEXT`,
  `ALTER TABLE article ADD COLUMN license_key TEXT`,
  `CREATE INDEX article_title ON article (title_key)`,
  `CREATE TABLE article_alias (
    former_id TEXT PRIMARY KEY NOT NULL,
    article_id TEXT NOT NULL REFERENCES article (id) ON DELETE CASCADE
  ) WITHOUT ROWID`,

  `DROP TABLE figure_label`,
  `CREATE TABLE figure_label (
    figure_seq INTEGER NOT NULL REFERENCES figure (seq) ON DELETE CASCADE,
    key TEXT NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (figure_seq, key)
  ) WITHOUT ROWID`,
  `CREATE INDEX figure_label_key ON figure_label (key, figure_seq)`,

  `DROP TABLE figure_words`,
  // Marks are parts of words, and private-use characters join the parts of ids: words are folded before they come here.
  `CREATE VIRTUAL TABLE figure_words USING fts5 (
    caption, alt, label, labels, title, journal, mentions, ids,
    content='', contentless_delete=1,
    tokenize="porter unicode61 remove_diacritics 0 categories 'L* N* M* Co'", prefix='2 3'
  )`,
];

/** Where all figures came from one place, they are its figures; else nobody can tell, and the next ingest will. */
async function assignSources(runner: QueryRunner): Promise<void> {
  const runs = (await runner.query(
    'SELECT source AS input, MIN(started_at) AS at FROM ingest_run GROUP BY source',
  )) as {
    input: string;
    at: number;
  }[];
  const names = new Set<string>();
  for (const { input, at } of runs) {
    const name = freeName(path.parse(input).name || 'source', names);
    names.add(name);
    await runner.query('INSERT INTO source (name, input, is_older_than_sources, created_at) VALUES (?, ?, 1, ?)', [
      name,
      input,
      at,
    ]);
    if (runs.length === 1) {
      await runner.query(`UPDATE figure SET source = ? WHERE source_key NOT LIKE 'added:%'`, [name]);
    }
  }
}

function freeName(base: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(name)) return name;
  }
}

interface StoredArticle {
  readonly id: string;
  readonly pmcid: string | null;
  readonly pmid: string | null;
  readonly doi: string | null;
}

async function normalizeArticles(runner: QueryRunner): Promise<void> {
  const articles = (await runner.query('SELECT id, pmcid, pmid, doi FROM article ORDER BY rowid')) as StoredArticle[];
  const known = new Map<string, StoredArticle>();
  for (const stored of articles) {
    const article = {
      id: stored.id,
      pmcid: normalized(stored.pmcid, pmcidOf),
      pmid: normalized(stored.pmid, pmidOf),
      doi: normalized(stored.doi, doiOf),
    };
    let merged = article;
    await update(runner, article);
    // A record with two ids may join articles that were told apart by one of them each.
    for (;;) {
      const other = keysOf(merged)
        .map((key) => known.get(key))
        .find((stored) => stored !== undefined && stored.id !== merged.id && !contradict(stored, merged));
      if (other === undefined) break;
      const former = merged;
      merged = {
        id: other.id,
        pmcid: other.pmcid ?? merged.pmcid,
        pmid: other.pmid ?? merged.pmid,
        doi: other.doi ?? merged.doi,
      };
      await mergeInto(runner, merged, former.id);
      for (const key of keysOf(merged)) {
        const id = known.get(key)?.id;
        if (id === former.id || id === merged.id) known.set(key, merged);
      }
    }
    for (const key of keysOf(merged)) if (!known.has(key) || known.get(key)?.id === merged.id) known.set(key, merged);
  }
}

function keysOf({ pmcid, doi, pmid }: StoredArticle): readonly string[] {
  const keys = [
    ['pmcid', pmcid],
    ['doi', doi],
    ['pmid', pmid],
  ] as const;
  return keys.flatMap(([kind, id]) => (id === null ? [] : [`${kind} ${id}`]));
}

/** Two articles that have one id in common and another one not are two. */
function contradict(one: StoredArticle, other: StoredArticle): boolean {
  return (['pmcid', 'doi', 'pmid'] as const).some(
    (kind) => one[kind] !== null && other[kind] !== null && one[kind] !== other[kind],
  );
}

async function update(runner: QueryRunner, { id, pmcid, pmid, doi }: StoredArticle): Promise<void> {
  await runner.query('UPDATE article SET pmcid = ?, pmid = ?, doi = ? WHERE id = ?', [pmcid, pmid, doi, id]);
}

async function mergeInto(runner: QueryRunner, article: StoredArticle, formerId: string): Promise<void> {
  await runner.query(
    `UPDATE article SET journal = COALESCE(article.journal, former.journal), year = COALESCE(article.year, former.year),
       license = COALESCE(article.license, former.license), url = COALESCE(article.url, former.url),
       authors = CASE article.authors WHEN '[]' THEN former.authors ELSE article.authors END,
       retracted = article.retracted OR former.retracted
     FROM article AS former WHERE article.id = ? AND former.id = ?`,
    [article.id, formerId],
  );
  await update(runner, article);
  await runner.query('UPDATE figure SET article_id = ? WHERE article_id = ?', [article.id, formerId]);
  await runner.query('UPDATE article_alias SET article_id = ? WHERE article_id = ?', [article.id, formerId]);
  await runner.query('DELETE FROM article WHERE id = ?', [formerId]);
  await runner.query('INSERT INTO article_alias (former_id, article_id) VALUES (?, ?)', [formerId, article.id]);
}

// What follows is how ids were written when this migration was made; it does not change with the program.

function normalized(given: string | null, form: (written: string) => string): string | null {
  const id = given === null ? '' : form(given.slice(0, 500).trim());
  return id === '' ? null : id;
}

function doiOf(written: string): string {
  const bare = written.replace(/^(?:https?:\/\/(?:dx\.|www\.)?doi\.org\/|doi:\s*|doi\s+)+/iu, '');
  return (bare === written ? bare : decoded(bare)).toLowerCase();
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function pmcidOf(written: string): string {
  const number = /^(?:.*\/articles\/)?(?:PMCID:?\s*)?(?:PMC\s*)?(\d+)(?:\.\d+)?\/?$/iu.exec(written)?.[1];
  return number === undefined ? written.toUpperCase() : `PMC${number}`;
}

function pmidOf(written: string): string {
  return /^(?:https?:\/\/pubmed\.ncbi\.nlm\.nih\.gov\/|PMID:?\s*)?(\d+)\/?$/iu.exec(written)?.[1] ?? written;
}
