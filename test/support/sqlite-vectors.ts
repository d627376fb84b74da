import type { Database } from '../../src/adapters/sqlite/database.js';
import { FilterReader } from '../../src/adapters/sqlite/filter-reader.js';
import { KeywordSearch } from '../../src/adapters/sqlite/keywords/keyword-search.js';
import { SqliteStores } from '../../src/adapters/sqlite/sqlite-stores.js';
import { HnswVectorIndex } from '../../src/adapters/hnsw/hnsw-vector-index.js';
import type { HnswVectorIndexOptions } from '../../src/adapters/hnsw/served-index.js';
import type { Space } from '../../src/adapters/hnsw/generation-builder.js';

/** A vector index over a database. */
export function openVectors(database: Database, space: Space, options: HnswVectorIndexOptions): HnswVectorIndex {
  const { vectors: embeddings, panels, filters } = new SqliteStores(database);
  return new HnswVectorIndex(space, { embeddings, panels, filters }, options);
}

/** The keyword index of a database. @param maxRecent changed panels up to which kept postings are corrected */
export function openKeywords(database: Database, maxRecent?: number): KeywordSearch {
  const { panels, filters } = new SqliteStores(database);
  return new KeywordSearch(database, panels, filters, maxRecent);
}

/** Ids of the panels that hold the words, best first, in the corpus as it is now. */
export async function searchWords(keywords: KeywordSearch, database: Database, text: string, k = 1000) {
  const asOf = await new FilterReader(database).corpus();
  return keywords.search({ text, scope: null, asOf }, k);
}
