import { graphParameters, type EngineName } from './engine.js';
import { describeFile, type IndexFileEntry } from './manifest.js';
import { nativeState } from './workers/native-addon.js';
import type { SegmentFiles } from './workers/messages.js';
import type { WorkerPool } from './workers/worker-pool.js';

/** Rows that a worker adds in one task: few enough that all workers end at about the same time. */
const rowsPerTask = 500;
/** Below it one graph is enough: several cost each search more than the building gains. */
const minRowsPerPart = 10_000;

type GraphEntry = IndexFileEntry['graphs'][number];

/** Rows that become one graph, and the worker that makes it; null where all workers add to the same one. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly worker: number | null;
}

/** A graph that is to be made: of which vectors, in which form, and where it is written. */
interface GraphTask {
  readonly files: SegmentFiles;
  readonly form: GraphEntry['form'];
  readonly part: Part;
  readonly file: string;
}

/**
 * Makes the graphs of a vector file with all workers of the pool.
 * @param prefix the path of a graph's file up to its number
 * @returns none for the engine `exact`
 */
export async function buildGraphs(
  pool: WorkerPool,
  engine: EngineName,
  files: SegmentFiles,
  prefix: string,
): Promise<readonly GraphEntry[]> {
  if (engine === 'exact') return [];
  const form = engine === 'hnsw-i8' ? 'usearch' : 'hnsw';
  const parts = planParts(form, files.count, pool.size);
  return Promise.all(
    parts.map(async (part, number) => {
      const file = `${prefix}-${number}.${form}`;
      await buildGraph(pool, { files, form, part, file });
      return { ...(await describeFile(file)), form, count: part.to - part.from };
    }),
  );
}

function planParts(form: GraphEntry['form'], count: number, workers: number): readonly Part[] {
  // usearch has threads of its own.
  if (form === 'usearch') return [{ from: 0, to: count, worker: 0 }];
  if (nativeState().addon !== null) return [{ from: 0, to: count, worker: null }];
  const parts = Math.max(1, Math.min(workers, Math.floor(count / minRowsPerPart)));
  const size = Math.ceil(count / parts);
  return Array.from({ length: parts }, (_, worker) => ({
    from: worker * size,
    to: Math.min(count, (worker + 1) * size),
    worker,
  }));
}

async function buildGraph(pool: WorkerPool, { files, form, part, file }: GraphTask): Promise<void> {
  const { from, to, worker } = part;
  const segment = pool.newSegment();
  const create = {
    kind: 'create',
    segment,
    key: file,
    form,
    files,
    capacity: to - from,
    parameters: graphParameters,
  } as const;
  const only = worker === null ? {} : { only: worker };
  if (worker === null) await pool.everywhere(() => create);
  else await pool.run(create, only);
  try {
    const adding: Promise<unknown>[] = [];
    for (let row = from; row < to; row += rowsPerTask) {
      adding.push(pool.run({ kind: 'add', segment, from: row, to: Math.min(to, row + rowsPerTask) }, only));
    }
    await Promise.all(adding);
    await pool.run({ kind: 'save', segment, file }, only);
  } finally {
    const close = { kind: 'close', segment } as const;
    if (worker === null) await pool.everywhere(() => close);
    else await pool.run(close, only);
  }
}
