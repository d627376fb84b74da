/** Ends an index thread while searches wait for it, and prints what became of them. argv: folder. */
import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { FigseekError } from '../../src/domain/errors.js';
import type { VectorKind } from '../../src/domain/search.js';
import type { EmbeddingSource } from '../../src/ports/embedding-source.js';
import { VectorIndex } from '../../src/adapters/hnsw/vector-index.js';
import { drawnVector, space } from '../support/drawn-figures.js';
import { indexedPanels } from '../contract/indexed-panels.js';

const stored = 4000;
const asked = Array.from({ length: 400 }, (_, number) => number + 1);

const published = new Map<string, string>();

/** In memory: all searches reach the threads at once. */
const source: EmbeddingSource = {
  scan: (_space, kind, after, limit) => {
    const length = kind === 'IMAGE' ? Math.min(limit, stored - after) : 0;
    return Promise.resolve(
      Array.from({ length }, (_, i) => ({ seq: after + i + 1, vector: drawnVector(after + i + 1) })),
    );
  },
  lastSeq: (_space, kind) => Promise.resolve(kind === 'IMAGE' ? stored : 0),
  lastAssignedSeq: () => Promise.resolve(stored),
  publishedGenerations: () => Promise.resolve(published),
  recordGeneration: (_space, generation, manifestHash) => {
    published.set(generation, manifestHash);
    return Promise.resolve();
  },
  count: (_space, kind) => Promise.resolve(kind === 'IMAGE' ? stored : 0),
  getByIds: (labels) => Promise.resolve(labels.map(drawnVector)),
  panelsBySeq: (kind: VectorKind, labels) => Promise.resolve(indexedPanels(kind, labels, new Set())),
};

const threads: Worker[] = [];
process.on('worker', (worker) => threads.push(worker));

const [, , home = ''] = process.argv;
const onProblem = (problem: string): void => {
  console.error(problem);
};
const vectors = new VectorIndex(space, source, { home, engine: 'hnsw', onProblem });
await vectors.build();

async function found(number: number): Promise<string> {
  try {
    const { panels } = await vectors.search('IMAGE', drawnVector(number), { k: 1 });
    return panels[0]?.panelId ?? 'nothing';
  } catch (error) {
    return error instanceof FigseekError ? error.code : String(error);
  }
}

const before = await Promise.all(asked.map(found));
// Those of the builders have ended by themselves; what is left serves.
const serving = threads.filter(({ threadId }) => threadId > 0);
const during: string[] = [];
for (const thread of serving) {
  const answers = Promise.all(asked.map(found));
  await setImmediate();
  await thread.terminate();
  during.push(...(await answers));
}
const after = await Promise.all(asked.map(found));
process.stdout.write(JSON.stringify({ before, during, after }));
await vectors.close();
