import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Articles, figures, panels, embeddings, runs, faults, and the keyword index. */
export class Foundation1764000000000 implements MigrationInterface {
  name = 'Foundation1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = 'property ingest_fault ingest_run figure_words embedding panel figure article'.split(' ');
    for (const table of tables) await runner.query(`DROP TABLE ${table}`);
  }
}

const statements = [
  `CREATE TABLE article (
    id TEXT PRIMARY KEY NOT NULL,
    pmcid TEXT, pmid TEXT, doi TEXT,
    title TEXT NOT NULL,
    authors TEXT NOT NULL,
    journal TEXT, year INTEGER, license TEXT, url TEXT,
    retracted BOOLEAN NOT NULL DEFAULT 0
  )`,
  `CREATE INDEX article_pmcid ON article (pmcid) WHERE pmcid IS NOT NULL`,
  `CREATE INDEX article_pmid ON article (pmid) WHERE pmid IS NOT NULL`,
  `CREATE INDEX article_doi ON article (doi) WHERE doi IS NOT NULL`,

  `CREATE TABLE figure (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    source_key TEXT NOT NULL UNIQUE,
    article_id TEXT REFERENCES article (id),
    label TEXT, caption TEXT NOT NULL, alt TEXT, credit TEXT, license TEXT,
    labels TEXT NOT NULL, modality TEXT,
    image_hash TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    record_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL
  )`,
  `CREATE INDEX figure_article ON figure (article_id)`,
  `CREATE INDEX figure_image ON figure (image_hash)`,

  `CREATE TABLE panel (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    figure_id TEXT NOT NULL REFERENCES figure (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    label TEXT, caption TEXT,
    x INTEGER NOT NULL, y INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    UNIQUE (figure_id, ordinal)
  )`,

  // AUTOINCREMENT: a row number is never given twice, so a label in an index file can never mean another vector.
  `CREATE TABLE embedding (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    panel_id TEXT NOT NULL REFERENCES panel (id) ON DELETE CASCADE,
    space TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('IMAGE', 'CAPTION')),
    vector BLOB NOT NULL,
    UNIQUE (panel_id, space, kind)
  )`,
  `CREATE INDEX embedding_space ON embedding (space, kind, seq)`,

  // Contentless: the words stand in figure and article; rowid is figure.seq.
  `CREATE VIRTUAL TABLE figure_words USING fts5 (
    caption, alt, label, labels, title, journal,
    content='', contentless_delete=1, tokenize='porter unicode61 remove_diacritics 2'
  )`,

  `CREATE TABLE ingest_run (
    id TEXT PRIMARY KEY NOT NULL,
    source TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
    read INTEGER NOT NULL, added INTEGER NOT NULL, updated INTEGER NOT NULL,
    unchanged INTEGER NOT NULL, rejected INTEGER NOT NULL,
    started_at INTEGER NOT NULL, ended_at INTEGER
  )`,
  `CREATE TABLE ingest_fault (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL REFERENCES ingest_run (id) ON DELETE CASCADE,
    source_key TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL
  )`,
  `CREATE INDEX ingest_fault_run ON ingest_fault (run_id, id)`,

  `CREATE TABLE property (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)`,
  `INSERT INTO property (name, value) VALUES ('database_id', lower(hex(randomblob(8))))`,
];
