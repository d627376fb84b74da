import { TopK } from '../../../domain/top-k.js';
import type { Neighbors } from './messages.js';

/** The best `k` of each query, packed as they cross between threads. */
export function encodeNeighbors(tops: readonly TopK[]): Neighbors {
  const lists = tops.map((top) => top.result());
  const all = lists.flat();
  return {
    counts: Uint32Array.from(lists, (list) => list.length),
    rows: Uint32Array.from(all, ({ row }) => row),
    scores: Float32Array.from(all, ({ score }) => score),
  };
}

/** Merges what several parts found for the same queries: the best `k` of each. */
export function mergeTopK(parts: readonly Neighbors[], queries: number, k: number): Neighbors {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const tops = Array.from({ length: queries }, () => new TopK(k));
  for (const part of parts) {
    let at = 0;
    for (const [query, top] of tops.entries()) {
      const end = at + (part.counts[query] ?? 0);
      for (; at < end; at++) top.offer(part.rows[at] ?? 0, part.scores[at] ?? 0);
    }
  }
  return encodeNeighbors(tops);
}
