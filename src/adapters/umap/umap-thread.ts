/** Lays one graph out by UMAP, and ends. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { bulkNiceness } from '../../platform/worker-process.js';
import type { NeighborGraph } from '../../ports/map-layout.js';
import type { UmapMessage } from './umap-messages.js';

/** The part of embedding-atlas that is used here. */
interface UmapLibrary {
  createUMAPFromKNN(
    count: number,
    dimensions: number,
    neighbors: Int32Array,
    distances: Float32Array,
    options: {
      readonly seed: number;
      readonly minDist: number;
      readonly spread: number;
      readonly progress: (share: number) => void;
    },
  ): Promise<{ readonly embedding: Float32Array; run(): Promise<void>; destroy(): void }>;
}

/** Equal graphs give equal maps. */
const seed = 7;
/** Wider than usual (0.1 and 1), so that each figure can be seen and pointed at. */
const minDist = 0.3;
const spread = 1.5;
/** A change of less is not told. */
const minStep = 0.01;

function tell(message: UmapMessage): void {
  parentPort?.postMessage(message);
}

async function layOut({ count, neighbors, distances }: NeighborGraph): Promise<void> {
  // The build puts it there (tools/build/finish.mjs): the package does not export this file, and its main file loads a database.
  const library = (await import(new URL('./library/umap.js', import.meta.url).href)) as UmapLibrary;
  let told = 0;
  const progress = (share: number): void => {
    if (share - told < minStep) return;
    told = share;
    tell({ kind: 'progress', share });
  };
  const options = { seed, minDist, spread, progress };
  const umap = await library.createUMAPFromKNN(count, 2, neighbors, distances, options);
  await umap.run();
  tell({ kind: 'places', places: new Float32Array(umap.embedding) });
}

// On Linux the priority is the thread's; elsewhere it would be that of the whole process.
if (process.platform === 'linux') setPriority(bulkNiceness);
await layOut(workerData as NeighborGraph);
