import type { QueryRunner } from 'typeorm';
import type { CorpusState } from '../../domain/corpus-state.js';
import type { Database } from './database.js';

interface Row {
  readonly name: string;
  readonly value: string | number;
}

const properties = ['corpus_version', 'collections_version', 'masks_version'];
const sequences = ['figure', 'panel', 'embedding', 'panel_removal', 'word_change', 'picture_group_change'];
const statement = `SELECT name, value FROM property WHERE name IN (${quoted(properties)})
  UNION ALL SELECT name, seq FROM sqlite_sequence WHERE name IN (${quoted(sequences)})`;

/** What is committed now: one statement, since every search begins with it. */
export async function readCorpusState(database: Database): Promise<CorpusState> {
  const rows = await database.prepared.query<Row>(statement);
  const text = (name: string): string => String(rows.find((row) => row.name === name)?.value ?? 0);
  const number = (name: string): number => Number(text(name));
  return {
    version: text('corpus_version'),
    collectionsVersion: text('collections_version'),
    masksVersion: text('masks_version'),
    lastFigure: number('figure'),
    lastPanel: number('panel'),
    lastEmbedding: number('embedding'),
    lastPanelRemoval: number('panel_removal'),
    lastWordChange: number('word_change'),
    lastGroupChange: number('picture_group_change'),
  };
}

/** To be called by each transaction that changes figures: what was computed for the corpus as it was is not used again. */
export async function advanceCorpusVersion(runner: QueryRunner): Promise<void> {
  await runner.query(`UPDATE property SET value = CAST(value AS INTEGER) + 1 WHERE name = 'corpus_version'`);
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
