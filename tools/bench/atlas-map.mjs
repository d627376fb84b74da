// What the making of a map costs: drawn vectors in groups, in a database and an index of their own.
//   node tools/bench/atlas-map.mjs [figures, default 20000] [dimensions, default 512]
import { mkdtempSync, rmSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { AtlasFileStore } from '#dist/src/adapters/files/atlas-file-store.js';
import { HnswVectorIndex } from '#dist/src/adapters/hnsw/hnsw-vector-index.js';
import { Database } from '#dist/src/adapters/sqlite/database.js';
import { SqliteStores } from '#dist/src/adapters/sqlite/sqlite-stores.js';
import { UmapLayout } from '#dist/src/adapters/umap/umap-layout.js';
import { CorpusAtlas } from '#dist/src/atlas/corpus-atlas.js';
import { localOperator } from '#dist/src/domain/viewer.js';
import { drawnFigure, drawnVector } from '#dist/test/support/drawn-figures.js';

const count = Number(process.argv[2] ?? 20_000);
const space = { version: 'a'.repeat(64), dimensions: Number(process.argv[3] ?? 512) };
const groups = 60;
/** How far a vector is from the middle of its group: the cosine of two of a group is about 0.5. */
const spread = 1;
const figuresOfWrite = 500;

const folder = mkdtempSync(path.join(tmpdir(), 'atlas-bench-'));
const database = await Database.open(path.join(folder, 'data'));
try {
  await fill(new SqliteStores(database));
  await measure();
} finally {
  await database.close();
  rmSync(folder, { recursive: true });
}

/** Figures whose image vectors lie around the middles of groups; two groups of three share a word. */
async function fill({ writer }) {
  const middles = Array.from({ length: groups }, (_, group) => drawnVector(10_000_000 + group, space.dimensions));
  for (let from = 0; from < count; from += figuresOfWrite) {
    const numbers = Array.from({ length: Math.min(figuresOfWrite, count - from) }, (_, at) => from + at);
    await writer.replace(numbers.map((number) => figureOf(number, middles)));
  }
}

function figureOf(number, middles) {
  const drawn = drawnFigure(number, space);
  const group = number % groups;
  const own = drawnVector(number, space.dimensions);
  const mixed = middles[group].map((value, i) => value + spread * own[i]);
  const length = Math.hypot(...mixed);
  const vector = mixed.map((value) => value / length);
  const caption = `Sections of group ${group} stained for marker${group} and tissue${group % 20}, sample ${number}.`;
  const embeddings = drawn.embeddings.filter(({ kind }) => kind === 'IMAGE').map((one) => ({ ...one, vector }));
  return { ...drawn, figure: { ...drawn.figure, caption }, embeddings };
}

async function measure() {
  const stores = new SqliteStores(database);
  const { filters, attributes, panels, vectors, collections } = stores;
  const onProblem = (problem) => console.error(problem);
  const index = new HnswVectorIndex(
    space,
    { embeddings: vectors, panels, filters },
    { home: path.join(folder, 'index'), engine: 'hnsw', onProblem },
  );
  await index.build();
  const atlases = new AtlasFileStore((version) => path.join(folder, version), onProblem);
  const services = { filters, attributes, panels, vectors, collections, atlases, layout: new UmapLayout() };
  const atlas = new CorpusAtlas(() => ({ version: space.version, index }), services);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const steps = [];
  const note = (name) => steps.push({ name, cpu: cpuSeconds(), wall: performance.now() / 1000, rss: peak });
  let peak = 0;
  const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50);
  const before = process.memoryUsage.rss();
  note('start');
  delay.enable();
  let passed = 0;
  await atlas.make(localOperator, {
    signal: new globalThis.AbortController().signal,
    onProgress: (share) => {
      if (passed === 0 && share >= 0.5) passed = note('neighbors');
      if (passed > 0 && share >= 0.95 && steps.at(-1).name === 'neighbors') note('layout');
    },
  });
  delay.disable();
  note('clusters and words');
  clearInterval(sampler);
  const { clusters, x } = await atlas.points(localOperator, { collectionId: null, filter: null, figureIds: null });
  const mb = (bytes) => Math.round(bytes / 1e6);
  console.log(`${count} figures, ${space.dimensions} dimensions, ${x.length} points, ${clusters.length} clusters`);
  for (const [at, step] of steps.entries()) {
    if (at === 0) continue;
    const last = steps[at - 1];
    console.log(
      `${step.name}: ${(step.cpu - last.cpu).toFixed(1)} CPU-s, ${(step.wall - last.wall).toFixed(1)} s, process up to ${mb(step.rss)} MB`,
    );
  }
  console.log(`memory before: ${mb(before)} MB; most: ${mb(peak)} MB`);
  console.log(
    `event loop held: p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms, most ${(delay.max / 1e6).toFixed(0)} ms`,
  );
  console.log(
    `words of the largest clusters: ${clusters
      .slice(0, 4)
      .map(({ words }) => words.join(' '))
      .join('; ')}`,
  );
  await atlas.close();
  await index.close();
}

/** Of this process with all its threads. */
function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
