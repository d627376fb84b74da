import type { PanelId } from '../../domain/ids.js';
import type { VectorKind } from '../../domain/search.js';
import { bytesToVector } from '../../domain/vector.js';
import type { Database } from '../database.js';

/** A vector with its label: `seq`, the row number that never repeats. */
export interface StoredVector {
  readonly seq: number;
  readonly vector: Float32Array;
}

/** Reads vectors and what they belong to. Raw SQL: entities scan at 109 MB/s against 277 (design/architecture.md). */
export class EmbeddingReader {
  constructor(private readonly database: Database) {}

  /** Vectors of one kind with `after < seq`, in the order of seq, at most `limit`. */
  async vectorsAfter(space: string, kind: VectorKind, after: number, limit: number): Promise<readonly StoredVector[]> {
    const rows = await this.database.reader.query<{ seq: number; vector: Buffer }[]>(
      `SELECT seq, vector FROM embedding WHERE space = ? AND kind = ? AND seq > ? ORDER BY seq LIMIT ?`,
      [space, kind, after, limit],
    );
    return rows.map((row) => ({ seq: row.seq, vector: bytesToVector(row.vector) }));
  }

  async vectorsBySeq(labels: readonly number[]): Promise<readonly Float32Array[]> {
    const rows = await this.database.reader.query<{ vector: Buffer }[]>(
      `SELECT vector FROM embedding WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq`,
      [JSON.stringify(labels)],
    );
    return rows.map(({ vector }) => bytesToVector(vector));
  }

  async count(space: string, kind: VectorKind): Promise<number> {
    const [row] = await this.database.reader.query<{ count: number }[]>(
      `SELECT COUNT(*) AS count FROM embedding WHERE space = ? AND kind = ?`,
      [space, kind],
    );
    return row?.count ?? 0;
  }

  /** Last label given in this space; 0 where there is none. */
  async lastSeq(space: string, kind: VectorKind): Promise<number> {
    const [row] = await this.database.reader.query<{ seq: number | null }[]>(
      `SELECT MAX(seq) AS seq FROM embedding WHERE space = ? AND kind = ?`,
      [space, kind],
    );
    return row?.seq ?? 0;
  }

  /** Panels by label. A label that is absent belongs to a vector that was deleted or replaced: a tombstone. */
  async panelsBySeq(labels: readonly number[]): Promise<ReadonlyMap<number, PanelId>> {
    // One JSON parameter: SQLite refuses more than 32,766 bound values.
    const rows = await this.database.reader.query<{ seq: number; panel_id: PanelId }[]>(
      `SELECT seq, panel_id FROM embedding WHERE seq IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(labels)],
    );
    return new Map(rows.map((row) => [row.seq, row.panel_id]));
  }

  async vectorOfPanel(panelId: string, space: string, kind: VectorKind): Promise<Float32Array | null> {
    const [row] = await this.database.reader.query<{ vector: Buffer }[]>(
      `SELECT vector FROM embedding WHERE panel_id = ? AND space = ? AND kind = ?`,
      [panelId, space, kind],
    );
    return row === undefined ? null : bytesToVector(row.vector);
  }

  /** All vectors of the panels in one space. */
  async vectorsOfPanels(
    panels: readonly string[],
    space: string,
  ): Promise<Readonly<Record<VectorKind, ReadonlyMap<PanelId, Float32Array>>>> {
    const rows = await this.database.reader.query<{ panel_id: PanelId; kind: VectorKind; vector: Buffer }[]>(
      `SELECT panel_id, kind, vector FROM embedding WHERE panel_id IN (SELECT value FROM json_each(?)) AND space = ?`,
      [JSON.stringify(panels), space],
    );
    const vectors = { IMAGE: new Map<PanelId, Float32Array>(), CAPTION: new Map<PanelId, Float32Array>() };
    for (const row of rows) vectors[row.kind].set(row.panel_id, bytesToVector(row.vector));
    return vectors;
  }

  /** How many figures have no image vector in this space yet. */
  async figuresWithoutVectors(space: string): Promise<number> {
    const [row] = await this.database.reader.query<{ count: number }[]>(
      `SELECT COUNT(*) AS count FROM panel WHERE NOT EXISTS
         (SELECT 1 FROM embedding WHERE panel_id = panel.id AND space = ? AND kind = 'IMAGE')`,
      [space],
    );
    return row?.count ?? 0;
  }
}
