import { isEqual, type IndexComparison } from '../adapters/hnsw/compare-generation.js';
import type { HnswVectorIndex } from '../adapters/hnsw/hnsw-vector-index.js';
import { vectorKinds, type VectorKind } from '../domain/search.js';
import { advice } from './advice.js';

/** What a verification found of the vectors of one kind. */
export interface KindVerification {
  readonly kind: VectorKind;
  /** recall@10; null where no generation holds vectors of this kind. */
  readonly recall: number | null;
  readonly comparison: IndexComparison | null;
}

const minRecall = 0.95;

/** Compares every vector of an index with the database, and measures its recall. @param sample number of queries */
export async function verifyIndex(
  space: Pick<HnswVectorIndex, 'compare' | 'recall'>,
  sample: number,
): Promise<readonly KindVerification[]> {
  const comparisons = (await space.compare()) ?? [];
  const results: KindVerification[] = [];
  for (const kind of vectorKinds) {
    const comparison = comparisons.find((one) => one.kind === kind) ?? null;
    results.push({ kind, recall: await space.recall(kind, sample), comparison });
  }
  return results;
}

/** Whether an index may go on answering. */
export function isSound({ recall, comparison }: KindVerification): boolean {
  return (recall === null || recall >= minRecall) && (comparison === null || isEqual(comparison));
}

/** In words. @param data the data folder */
export function describeVerification({ recall, comparison }: KindVerification, data: string): string {
  if (recall === null || comparison === null) return 'not measured, no generation holds vectors of this kind';
  return `recall@10 ${recall}; ${describeIndexComparison(comparison, data)}`;
}

/** In words, with what to do where the index does not hold what the database holds. @param data the data folder */
export function describeIndexComparison(comparison: IndexComparison, data: string): string {
  const { compared, differing, missing, deleted } = comparison;
  const counts = `${compared} vectors compared with the database, ${differing} differ, ${missing} are missing, ${deleted} are deleted since`;
  return isEqual(comparison) ? counts : `${counts}; ${advice('index build', data)} makes the index anew`;
}

/** A build in words. @param manifest of the new generation; null where there was nothing to build */
export function describePublished(manifest: Awaited<ReturnType<HnswVectorIndex['build']>>): string {
  if (manifest === null) return 'There is no vector to index yet; ingest figures first';
  const { generation, kinds, recall } = manifest;
  const counts = `${kinds.IMAGE?.count ?? 0} image vectors, ${kinds.CAPTION?.count ?? 0} caption vectors`;
  return `Published ${generation}: ${counts}, recall@10 ${recall}`;
}

/** The index that answers, in words. */
export function describeStatus({ generation, indexed, delta }: Awaited<ReturnType<HnswVectorIndex['status']>>): string {
  return `generation ${generation ?? 'none'}, ${indexed} panels indexed, ${delta} of them in the delta`;
}
