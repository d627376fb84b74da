import { isEqual } from '../../adapters/hnsw/compare-generation.js';
import type { HnswVectorIndex } from '../../adapters/hnsw/hnsw-vector-index.js';
import type { DualEncoder } from '../../domain/dual-encoder.js';
import type { EmbeddingStore } from '../../ports/embedding-store.js';
import { advice } from '../advice.js';
import { describeIndexComparison } from '../index-verification.js';
import type { Finding } from './finding.js';
import { numbered } from '../../domain/numbered.js';

/** Whether there is an index, and holds what the database holds. @param data the data folder */
export async function checkVectors(space: Pick<HnswVectorIndex, 'status' | 'compare'>, data: string): Promise<Finding> {
  const { generation, indexed, delta, recall } = await space.status();
  const message = `generation ${generation ?? 'none'}, ${numbered(indexed, 'panel')}, ${delta} of them in the delta, recall@10 ${recall ?? 'not measured'}`;
  if (generation === null && indexed > 0) {
    const fix = `${advice('index build', data)} makes a generation`;
    return { about: 'vectors', state: 'note', message: `${message}; ${fix}` };
  }
  const wrong = ((await space.compare()) ?? []).find((comparison) => !isEqual(comparison));
  if (wrong === undefined) return { about: 'vectors', state: 'ok', message };
  const difference = `${wrong.kind}: ${describeIndexComparison(wrong, data)}`;
  return { about: 'vectors', state: 'wrong', message: `${message}; ${difference}` };
}

/** Whether each panel is embedded by the active model. @param data the data folder */
export async function checkEmbeddings(
  embeddings: Pick<EmbeddingStore, 'countPanelsMissingEmbedding'>,
  { name, version }: Pick<DualEncoder, 'name' | 'version'>,
  data: string,
): Promise<Finding> {
  const missing = await embeddings.countPanelsMissingEmbedding(version);
  if (missing === 0) {
    return { about: 'embeddings', state: 'ok', message: 'every panel is embedded by the active model' };
  }
  const fix = `${advice(`models use ${name}`, data)} embeds them`;
  return { about: 'embeddings', state: 'wrong', message: `${missing} panels are not embedded by ${name}; ${fix}` };
}
