import type { QueryRunner } from 'typeorm';
import {
  revisionOf,
  type BackfilledEmbedding,
  type NewEmbedding,
  type UnembeddedPanel,
} from '../../domain/embedding.js';
import type { PanelId } from '../../domain/ids.js';
import type { VectorKind } from '../../domain/search.js';
import { bytesToVector, vectorToBytes } from '../../domain/vector.js';
import { EmbeddingStore } from '../../ports/embedding-store.js';
import { advanceCorpusVersion } from './corpus-state.js';
import type { Database } from './database.js';
import { panelColumns, readPanel, type PanelRow } from './figure-rows.js';

type UnembeddedRow = PanelRow & Omit<UnembeddedPanel, 'panel' | 'revision'> & RevisionRow;

interface RevisionRow {
  readonly recordHash: string;
  readonly correctedAt: number | null;
  readonly editedAt: number | null;
}

const revisionColumns =
  'figure.record_hash AS recordHash, figure.panels_corrected_at AS correctedAt, figure.edited_at AS editedAt';

/** Vectors that are deleted in one transaction. */
const deletedAtOnce = 2000;

export class SqliteEmbeddingStore extends EmbeddingStore {
  constructor(private readonly database: Database) {
    super();
  }

  add(embeddings: readonly BackfilledEmbedding[]): Promise<void> {
    return this.database.write(async (runner) => {
      for (const embedding of embeddings) {
        if (await isUnchanged(runner, embedding)) await insertEmbedding(runner, embedding);
      }
      await advanceCorpusVersion(runner);
    });
  }

  async listPanelsMissingEmbedding(space: string, seq: number, limit: number): Promise<readonly UnembeddedPanel[]> {
    const rows = await this.database.reader.query<UnembeddedRow[]>(
      `SELECT panel.seq, ${panelColumns}, figure.source_key AS sourceKey, figure.image_hash AS imageHash,
         ${revisionColumns}
       FROM panel JOIN figure ON figure.id = panel.figure_id
       WHERE panel.seq > ?1 AND ${lacksImageVector('?2')} ORDER BY panel.seq LIMIT ?3`,
      [seq, space, limit],
    );
    return rows.map((row) => {
      const { seq: number, sourceKey, imageHash, recordHash, correctedAt, editedAt } = row;
      const revision = revisionOf(recordHash, correctedAt, editedAt);
      return { seq: number, panel: readPanel(row), sourceKey, imageHash, revision };
    });
  }

  async countPanelsMissingEmbedding(space: string): Promise<number> {
    const [row] = await this.database.reader.query<{ count: number }[]>(
      `SELECT COUNT(*) AS count FROM panel WHERE ${lacksImageVector('?1')}`,
      [space],
    );
    return row?.count ?? 0;
  }

  async vectorOfPanel(panelId: string, space: string, kind: VectorKind): Promise<Float32Array | null> {
    const [row] = await this.database.reader.query<{ vector: Buffer }[]>(
      `SELECT vector FROM embedding WHERE panel_id = ? AND space = ? AND kind = ?`,
      [panelId, space, kind],
    );
    return row === undefined ? null : bytesToVector(row.vector);
  }

  async imageVectorsOfPanels(ids: readonly string[], space: string): Promise<ReadonlyMap<PanelId, Float32Array>> {
    const rows = await this.database.reader.query<{ id: PanelId; vector: Buffer }[]>(
      `SELECT panel_id AS id, vector FROM embedding
       WHERE space = ? AND kind = 'IMAGE' AND panel_id IN (SELECT value FROM json_each(?))`,
      [space, JSON.stringify(ids)],
    );
    return new Map(rows.map(({ id, vector }) => [id, bytesToVector(vector)]));
  }

  async sampleImageVectors(space: string, count: number): Promise<ReadonlyMap<PanelId, Float32Array>> {
    // Of each of so many equal stretches of the numbers, the first vector in it: read by the index, not by a scan of all.
    const rows = await this.database.scanner.query<{ id: PanelId; vector: Buffer }[]>(
      `WITH ends AS (SELECT (SELECT min(seq) FROM embedding WHERE space = ?1 AND kind = 'IMAGE') AS low,
           (SELECT max(seq) + 1 FROM embedding WHERE space = ?1 AND kind = 'IMAGE') AS high),
         stretch AS (SELECT value AS place FROM json_each(?2)),
         chosen AS (SELECT (
           SELECT embedding.seq FROM embedding JOIN panel ON panel.id = embedding.panel_id
           WHERE space = ?1 AND kind = 'IMAGE' AND panel.ordinal = 0
             AND embedding.seq >= low + place * (high - low) / ?3
             AND embedding.seq < low + (place + 1) * (high - low) / ?3
           ORDER BY embedding.seq LIMIT 1) AS seq FROM ends, stretch)
       SELECT panel_id AS id, vector FROM embedding WHERE seq IN (SELECT seq FROM chosen) ORDER BY seq`,
      [space, JSON.stringify(Array.from({ length: count }, (_, place) => place)), count],
    );
    return new Map(rows.map(({ id, vector }) => [id, bytesToVector(vector)]));
  }

  async spaces(): Promise<readonly string[]> {
    const rows = await this.database.reader.query<{ space: string }[]>('SELECT DISTINCT space FROM embedding');
    return rows.map(({ space }) => space);
  }

  async deleteSpace(space: string): Promise<number> {
    for (let deleted = 0; ;) {
      const count = await this.database.write(async (runner) => {
        const rows = (await runner.query('SELECT seq FROM embedding WHERE space = ? LIMIT ?', [
          space,
          deletedAtOnce,
        ])) as { seq: number }[];
        const list = JSON.stringify(rows.map(({ seq }) => seq));
        await runner.query('DELETE FROM embedding WHERE seq IN (SELECT value FROM json_each(?))', [list]);
        return rows.length;
      });
      deleted += count;
      if (count === 0) return deleted;
    }
  }
}

/** A condition on `panel`. @param space a bound parameter */
export function lacksImageVector(space: string): string {
  return `NOT EXISTS (SELECT 1 FROM embedding
    WHERE embedding.panel_id = panel.id AND embedding.space = ${space} AND embedding.kind = 'IMAGE')`;
}

// A panel keeps its id when an ingest puts another image in its place: a vector of the old one must not join it.
async function isUnchanged(runner: QueryRunner, { panelId, revision }: BackfilledEmbedding): Promise<boolean> {
  const [row] = (await runner.query(
    `SELECT ${revisionColumns} FROM panel JOIN figure ON figure.id = panel.figure_id WHERE panel.id = ?`,
    [panelId],
  )) as RevisionRow[];
  return row !== undefined && revisionOf(row.recordHash, row.correctedAt, row.editedAt) === revision;
}

/** Does nothing where the panel has a vector of the space and kind. */
export async function insertEmbedding(runner: QueryRunner, embedding: NewEmbedding): Promise<void> {
  await runner.query(
    `INSERT INTO embedding (panel_id, figure_seq, space, kind, vector)
     SELECT panel.id, figure.seq, ?, ?, ? FROM panel JOIN figure ON figure.id = panel.figure_id WHERE panel.id = ?
     ON CONFLICT (panel_id, space, kind) DO NOTHING`,
    [embedding.space, embedding.kind, vectorToBytes(embedding.vector), embedding.panelId],
  );
}
