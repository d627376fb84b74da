import type { CorpusState } from '../../domain/corpus-state.js';
import type { VectorKind } from '../../domain/search.js';
import { bytesToVector } from '../../domain/vector.js';
import type { EmbeddingSource, StoredVector } from '../../ports/embedding-source.js';
import { readCorpusState } from './corpus-state.js';
import type { Database } from './database.js';

/** Reads vectors and what they belong to, and keeps which indexes were made from them. Raw SQL: entities scan at 109 MB/s against 277. */
export class EmbeddingReader implements EmbeddingSource {
  constructor(private readonly database: Database) {}

  /** Vectors of one kind with `after < seq`, in the order of seq, at most `limit`. */
  async scan(space: string, kind: VectorKind, after: number, limit: number): Promise<readonly StoredVector[]> {
    const rows = await this.database.reader.query<{ seq: number; panel: number; vector: Buffer }[]>(
      `SELECT embedding.seq, panel.seq AS panel, vector FROM embedding JOIN panel ON panel.id = embedding.panel_id
       WHERE space = ? AND kind = ? AND embedding.seq > ? ORDER BY embedding.seq LIMIT ?`,
      [space, kind, after, limit],
    );
    return rows.map(({ seq, panel, vector }) => ({ seq, panel, vector: bytesToVector(vector) }));
  }

  scanPanels(space: string, kind: VectorKind, after: number, limit: number) {
    return this.database.scanner.query<{ seq: number; panel: number }[]>(
      `SELECT embedding.seq, panel.seq AS panel FROM embedding JOIN panel ON panel.id = embedding.panel_id
       WHERE space = ? AND kind = ? AND embedding.seq > ? ORDER BY embedding.seq LIMIT ?`,
      [space, kind, after, limit],
    );
  }

  corpusState(): Promise<CorpusState> {
    return readCorpusState(this.database);
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

  async publishedGenerations(space: string): Promise<ReadonlyMap<string, string>> {
    const rows = await this.database.reader.query<{ generation: string; hash: string }[]>(
      'SELECT generation, manifest_hash AS hash FROM index_generation WHERE space = ?',
      [space],
    );
    return new Map(rows.map(({ generation, hash }) => [generation, hash]));
  }

  async recordGeneration(space: string, generation: string, manifestHash: string): Promise<void> {
    await this.database.write((runner) =>
      runner.query(
        `INSERT INTO index_generation (space, generation, manifest_hash, published_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (space, generation) DO UPDATE SET manifest_hash = excluded.manifest_hash`,
        [space, generation, manifestHash, Date.now()],
      ),
    );
  }
}
