import path from 'node:path';
import type { FigureId, ImageHash } from '../../domain/ids.js';
import {
  sourceNameFrom,
  validateSourceName,
  type PanelCorrection,
  type RecordSource,
  type StoredRecord,
} from '../../domain/record-source.js';
import { SourceStore } from '../../ports/source-store.js';
import type { Database } from './database.js';
import { lacksImageVector } from './embedding-store.js';
import { readEdits } from './figure-edit-store.js';

interface RecordRow {
  readonly id: FigureId;
  readonly source: string;
  readonly key: string;
  readonly recordHash: string | null;
  readonly imageHash: ImageHash | null;
  readonly isEmbedded: number;
  readonly correctedAt: number | null;
  /** JSON; null where nobody corrected the panels. */
  readonly correctedPanels: string | null;
  readonly edits: string | null;
  readonly editedAt: number | null;
  readonly width: number | null;
  readonly height: number | null;
}

export class SqliteSourceStore extends SourceStore {
  constructor(private readonly database: Database) {
    super();
  }

  resolve(input: string, name: string | null): Promise<RecordSource> {
    return this.database.write(async (runner) => {
      const source = await describe((sql, values) => runner.query(sql, values), input, name);
      await runner.query(
        `INSERT INTO source (name, input, created_at) VALUES (?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET input = excluded.input`,
        [source.name, input, Date.now()],
      );
      return source;
    });
  }

  preview(input: string, name: string | null): Promise<RecordSource> {
    return describe((sql, values) => this.database.reader.query(sql, values), input, name);
  }

  async inputOf(name: string): Promise<string | null> {
    const rows = await this.database.reader.query<{ input: string }[]>('SELECT input FROM source WHERE name = ?', [
      name,
    ]);
    return rows[0]?.input ?? null;
  }

  async storedRecords(keys: readonly string[], space: string): Promise<ReadonlyMap<string, readonly StoredRecord[]>> {
    const rows = await this.database.reader.query<RecordRow[]>(
      `SELECT id, source, source_key AS key, record_hash AS recordHash, image_hash AS imageHash,
         NOT EXISTS (SELECT 1 FROM panel WHERE panel.figure_id = figure.id AND ${lacksImageVector('?1')}) AS isEmbedded,
         panels_corrected_at AS correctedAt, ${correctedPanels} AS correctedPanels, width, height,
         edits, edited_at AS editedAt
       FROM figure WHERE source_key IN (SELECT value FROM json_each(?2))
       UNION ALL SELECT figure_id, source, source_key, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL
       FROM deleted_figure WHERE NOT is_pruned AND source_key IN (SELECT value FROM json_each(?2))`,
      [space, JSON.stringify(keys)],
    );
    const byKey = new Map<string, StoredRecord[]>();
    for (const row of rows) {
      const { id, source, key, recordHash, imageHash, isEmbedded } = row;
      const stored =
        recordHash === null || imageHash === null
          ? null
          : {
              ...{ recordHash, imageHash, isEmbedded: isEmbedded === 1 },
              ...{ correction: readCorrection(row), edits: readEdits(row) },
            };
      byKey.set(key, [...(byKey.get(key) ?? []), { id, source, stored }]);
    }
    return byKey;
  }

  async idsOfSource(input: string, keys: readonly string[]): Promise<readonly FigureId[]> {
    const rows = await this.database.reader.query<{ id: FigureId }[]>(
      `SELECT id FROM figure WHERE source_key IN (SELECT value FROM json_each(?2))
         AND (source = '' OR source IN (SELECT name FROM source WHERE input = ?1)) ORDER BY seq`,
      [input, JSON.stringify(keys)],
    );
    return rows.map(({ id }) => id);
  }

  async unreadOf(source: string, run: string, limit: number): Promise<readonly FigureId[]> {
    // The inner statement reads the index of keys alone: there is none that begins with the source.
    const rows = await this.database.scanner.query<{ id: FigureId }[]>(
      `SELECT figure.id FROM
         (SELECT seq FROM figure WHERE source = ?1 AND NOT EXISTS (
            SELECT 1 FROM ingest_record WHERE run_id = ?2 AND ingest_record.source_key = figure.source_key)) AS unread
         CROSS JOIN figure ON figure.seq = unread.seq
           AND figure.created_at <= (SELECT started_at FROM ingest_run WHERE id = ?2)
       LIMIT ?3`,
      [source, run, limit],
    );
    return rows.map(({ id }) => id);
  }

  async assignSource(ids: readonly string[], source: string): Promise<void> {
    if (ids.length === 0) return;
    await this.database.write((runner) =>
      runner.query(`UPDATE figure SET source = ? WHERE source = '' AND id IN (SELECT value FROM json_each(?))`, [
        source,
        JSON.stringify(ids),
      ]),
    );
  }
}

/** The panels of a figure that a person corrected, in the form of a record; null where nobody did. */
const correctedPanels = `CASE WHEN panels_corrected_at IS NOT NULL THEN (
  SELECT json_group_array(json_object('label', label, 'caption', caption,
    'box', json_object('x', x, 'y', y, 'width', width, 'height', height)) ORDER BY ordinal)
  FROM panel WHERE figure_id = figure.id AND ordinal > 0) END`;

function readCorrection(row: RecordRow): PanelCorrection | null {
  const { correctedAt: at, correctedPanels: panels, imageHash, width, height } = row;
  if (at === null || panels === null || imageHash === null || width === null || height === null) return null;
  return { at, imageHash, width, height, panels: JSON.parse(panels) as PanelCorrection['panels'] };
}

/** Asks a connection, or the transaction of one. */
type Ask = (sql: string, values: string[]) => Promise<unknown>;

async function describe(ask: Ask, input: string, name: string | null): Promise<RecordSource> {
  if (name !== null) validateSourceName(name);
  const chosen = name ?? (await nameOfInput(ask, input)) ?? (await freeName(ask, input));
  const [row] = (await ask('SELECT is_older_than_sources AS isOlder FROM source WHERE name = ?', [chosen])) as {
    isOlder: number;
  }[];
  return { name: chosen, isNamed: name !== null, isOlderThanSources: row?.isOlder === 1 };
}

async function nameOfInput(ask: Ask, input: string): Promise<string | null> {
  const [row] = (await ask('SELECT name FROM source WHERE input = ? ORDER BY created_at LIMIT 1', [input])) as {
    name: string;
  }[];
  return row?.name ?? null;
}

/** The name of the file or folder, with a number where another input has it. */
async function freeName(ask: Ask, input: string): Promise<string> {
  const base = sourceNameFrom(path.parse(input).name);
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    const taken = (await ask('SELECT 1 FROM source WHERE name = ?', [name])) as object[];
    if (taken.length === 0) return name;
  }
}
