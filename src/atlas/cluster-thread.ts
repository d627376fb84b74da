import { WorkerThread } from '../platform/worker-thread.js';
import type { ClusteredPlaces } from './cluster-worker.js';

const maxTaskMs = 120_000;

/**
 * Scales places into the square 0..1 and finds their clusters, beside the event loop.
 * @param flat float32 [n, 2]
 * @throws {FigseekError} TIMEOUT, MODEL_UNAVAILABLE with the reason
 */
export async function findClusters(flat: Float32Array): Promise<ClusteredPlaces> {
  const thread = new WorkerThread<Float32Array, ClusteredPlaces>({
    entry: new URL('./cluster-worker.js', import.meta.url),
    purpose: 'finds clusters of the map',
    timeoutMs: maxTaskMs,
  });
  try {
    return await thread.ask(flat);
  } finally {
    await thread.close();
  }
}
