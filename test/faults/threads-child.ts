/** Ends an index thread while searches wait for it, and prints what became of them. argv: folder. */
import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { FigseekError } from '../../src/domain/errors.js';
import { HnswVectorIndex } from '../../src/adapters/hnsw/hnsw-vector-index.js';
import { drawnVector, space } from '../support/drawn-figures.js';
import { MemoryEmbeddings, NumberScopes } from '../support/memory-embeddings.js';

const stored = 4000;
const asked = Array.from({ length: 400 }, (_, number) => number + 1);

/** In memory: all searches reach the threads at once. */
const embeddings = new MemoryEmbeddings();
for (let label = 1; label <= stored; label++) embeddings.add(label, drawnVector(label));

const threads: Worker[] = [];
process.on('worker', (worker) => threads.push(worker));

const sources = { embeddings, panels: embeddings.panels, filters: new NumberScopes(embeddings) };
const [, , home = ''] = process.argv;
const onProblem = (problem: string): void => {
  console.error(problem);
};
const vectors = new HnswVectorIndex(space, sources, { home, engine: 'hnsw', onProblem });
await vectors.build();

async function found(number: number): Promise<string> {
  try {
    const { panels } = await vectors.search('IMAGE', drawnVector(number), { k: 1 });
    return panels[0]?.panelId ?? 'nothing';
  } catch (error) {
    return error instanceof FigseekError ? error.code : String(error);
  }
}

// Idle threads do not keep a process alive, and this one waits for some to end.
const alive = setInterval(() => undefined, 1000);
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
clearInterval(alive);
