/**
 * A worker thread that holds indexes: the libraries are synchronous, so here a search holds up nobody else. It keeps
 * segments by number and answers each request in its order.
 */
import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../../domain/errors.js';
import { dot } from '../../../domain/vector.js';
import { graphParameters } from '../engine.js';
import { TopK } from '../../../domain/top-k.js';
import { mergeTopK, encodeNeighbors } from './neighbors.js';
import type { Graph } from './graph.js';
import { HnswlibGraph } from './hnswlib-graph.js';
import type { Neighbors, GraphFile, Reply, Request, SegmentFiles, Work } from './messages.js';
import { nativeState } from './native-addon.js';
import { NativeHnsw } from './native-graph.js';
import { isAllowed, openVectorRows, readRows, split, type VectorRows } from './vector-rows.js';

type WorkOf<Kind extends Work['kind']> = Extract<Work, { readonly kind: Kind }>;

interface Segment {
  readonly files: SegmentFiles;
  readonly rows: VectorRows;
  readonly graphs: readonly Graph[];
}

const { addon } = nativeState();
const segments = new Map<number, Segment>();

async function perform(work: Work): Promise<Neighbors | null> {
  switch (work.kind) {
    case 'open':
      // Asked twice where the worker before it ended while it opened: once is enough.
      if (!segments.has(work.segment)) segments.set(work.segment, await openSegment(work.files));
      return null;
    case 'close':
      closeSegment(work.segment);
      return null;
    case 'search':
      return search(work);
    case 'exact':
      return opened(work.segment).rows.nearest(work.queries, work.k, work.allowed);
    case 'scan':
      return scan(work);
    case 'read':
      opened(work.segment).rows.read(work.rows, work.into);
      return null;
    case 'score':
      return score(work);
    case 'create':
      segments.set(work.segment, await createSegment(work));
      return null;
    case 'add':
      add(work);
      return null;
    case 'save':
      for (const graph of opened(work.segment).graphs) graph.save(work.file);
      return null;
  }
}

function opened(segment: number): Segment {
  const found = segments.get(segment);
  if (found === undefined) throw new Error('The index is closed');
  return found;
}

async function openSegment(files: SegmentFiles): Promise<Segment> {
  const rows = openVectorRows(addon, files.vectors, files.dimensions, files.count);
  const graphs: Graph[] = [];
  try {
    for (const graph of files.graphs) graphs.push(await openGraph(graph, files, rows));
    return { files, rows, graphs };
  } catch (error) {
    for (const graph of graphs) graph.close();
    rows.close();
    throw error;
  }
}

async function openGraph(graph: GraphFile, { dimensions, vectors }: SegmentFiles, rows: VectorRows): Promise<Graph> {
  const { form, file, count } = graph;
  if (form === 'usearch') return (await usearchGraph()).open(graph, dimensions, rows, graphParameters);
  return addon === null
    ? HnswlibGraph.open(file, dimensions, count)
    : NativeHnsw.open(addon, graph, vectors, dimensions);
}

async function createSegment({ form, files, key, capacity, parameters }: WorkOf<'create'>): Promise<Segment> {
  const { dimensions } = files;
  const rows = openVectorRows(addon, files.vectors, dimensions, files.count);
  if (form === 'usearch') {
    return { files, rows, graphs: [(await usearchGraph()).create(dimensions, rows, parameters)] };
  }
  const graph =
    addon === null
      ? HnswlibGraph.create(dimensions, capacity, parameters)
      : NativeHnsw.create(addon, key, { dimensions, capacity }, parameters);
  return { files, rows, graphs: [graph] };
}

/** Loaded where it is asked for: the other engines work on systems for which it has no binary. */
async function usearchGraph() {
  return (await import('./usearch-graph.js')).UsearchGraph;
}

function closeSegment(segment: number): void {
  const closed = segments.get(segment);
  segments.delete(segment);
  closed?.rows.close();
  for (const graph of closed?.graphs ?? []) graph.close();
}

function search({ segment, queries, k, ef, allowed }: WorkOf<'search'>): Neighbors {
  const { graphs, files } = opened(segment);
  const parts = graphs.map((graph) => graph.search(queries, k, ef, allowed));
  return mergeTopK(parts, queries.length / files.dimensions, k);
}

function scan({ chunks, count, ...query }: WorkOf<'scan'>): Neighbors {
  const { dimensions, queries, k } = query;
  const parts: Neighbors[] = [];
  let firstRow = 0;
  for (const chunk of chunks) {
    const inside = chunk.subarray(0, Math.max(0, (count - firstRow) * dimensions));
    parts.push(scanChunk(inside, firstRow, query));
    firstRow += chunk.length / dimensions;
  }
  return mergeTopK(parts, queries.length / dimensions, k);
}

/** @param vectors float32 [n, dimensions] @param firstRow the number of the first of them */
function scanChunk(
  vectors: Float32Array,
  firstRow: number,
  { dimensions, queries, k, allowed }: Pick<WorkOf<'scan'>, 'dimensions' | 'queries' | 'k' | 'allowed'>,
): Neighbors {
  if (addon !== null) return addon.nearestOf(vectors, dimensions, queries, k, allowed, firstRow);
  const asked = split(queries, dimensions).map((query) => ({ query, top: new TopK(k) }));
  for (const [row, vector] of split(vectors, dimensions).entries()) {
    if (!isAllowed(allowed, firstRow + row)) continue;
    for (const { query, top } of asked) top.offer(firstRow + row, dot(query, vector));
  }
  return encodeNeighbors(asked.map(({ top }) => top));
}

function score({ segment, queries, rows }: WorkOf<'score'>): Neighbors {
  const { rows: stored, files } = opened(segment);
  const parts = split(queries, files.dimensions).map((query) => stored.scores(query, rows));
  const scores = new Float32Array(parts.length * rows.length);
  parts.forEach((part, at) => {
    scores.set(part, at * rows.length);
  });
  return { counts: new Uint32Array(0), rows: new Uint32Array(0), scores };
}

function add({ segment, from, to }: WorkOf<'add'>): void {
  const { files, graphs } = opened(segment);
  const rows = Uint32Array.from({ length: to - from }, (_, at) => from + at);
  const vectors = readRows(files.vectors, files.dimensions, from, to);
  for (const graph of graphs) graph.add(rows, vectors);
}

// One after the other, although opening is asynchronous: a search behind an open finds it done.
let before = Promise.resolve();
parentPort?.on('message', ({ id, work }: Request) => {
  before = before.then(async () => {
    let reply: Reply;
    try {
      reply = { id, found: await perform(work) };
    } catch (error) {
      reply = { id, error: messageOf(error), found: null };
    }
    parentPort?.postMessage(reply, buffersOf(reply.found));
  });
});

/** Handed over in place of copied. */
function buffersOf(found: Neighbors | null): ArrayBuffer[] {
  return found === null ? [] : [found.counts, found.rows, found.scores].map(({ buffer }) => buffer);
}
