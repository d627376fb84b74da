/**
 * The law of imports, a closed list (ARCHITECTURE.md): each room of src names the rooms it may import, and a folder that is
 * not a room may import nothing.
 */
const useCases = ['atlas', 'corpus', 'search', 'masks', 'evaluation', 'models'];
const adapters = ['files', 'hnsw', 'onnx', 'sources', 'sqlite', 'umap'].map((name) => `adapters/${name}`);
const inner = ['domain', 'ports', 'platform', 'imaging'];

const law = {
  domain: [],
  ports: ['domain'],
  platform: ['domain'],
  imaging: ['domain', 'platform'],
  'model-packages': ['domain', 'platform', 'imaging'],
  'model-import': ['domain', 'platform', 'imaging', 'model-packages'],
  'model-hub': ['domain', 'platform', 'imaging', 'model-packages'],
  ...Object.fromEntries(useCases.map((room) => [room, [...inner, 'model-packages']])),
  models: [...inner, 'model-packages', 'model-import', 'model-hub'],
  ...Object.fromEntries(adapters.map((room) => [room, [...inner, 'model-packages']])),
  api: [...useCases, 'domain', 'app'],
  cli: [...useCases, 'domain', 'app'],
  // A benchmark measures one part alone, also an adapter (decision 0033); only `import()` loads a benchmark.
  bench: [...useCases, ...adapters, ...inner, 'model-packages', 'app'],
  samples: ['domain', 'imaging'],
};

/** @param rooms names of rooms @returns a pattern of the files in them */
const filesOf = (rooms) => `^src/(?:${rooms.join('|')})/`;

/** It puts all of them together. */
const composition = 'app';

const rooms = Object.entries(law).map(([room, allowed]) => ({
  name: `${room.replaceAll('/', '-')}-imports-by-the-law`,
  severity: 'error',
  from: { path: filesOf([room]) },
  to: { path: '^src/', pathNot: filesOf([room, ...allowed]) },
}));

/** Only `from` may import the package `name`. */
const onlyIn = (from, name) => ({
  name: `${name}-only-in-one-place`,
  severity: 'error',
  from: { pathNot: from },
  to: { path: `node_modules/${name}/` },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...rooms,
    {
      name: 'a-folder-without-a-law-imports-nothing',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: filesOf([...Object.keys(law), composition]) },
      to: { path: '^(?:src|migrations)/' },
    },
    {
      name: 'only-the-sqlite-adapter-runs-migrations',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/adapters/sqlite/' },
      to: { path: '^migrations/' },
    },
    {
      // Another SQL engine is another class of `Stores`, chosen there.
      name: 'only-one-file-chooses-the-sql-engine',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(?:adapters/sqlite/|app/open-stores\\.ts$)' },
      to: { path: '^src/adapters/sqlite/' },
    },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^test/' },
    },
    {
      name: 'migrations-are-frozen-text',
      severity: 'error',
      from: { path: '^migrations/' },
      to: { path: '^src/' },
    },
    {
      name: 'checkpoint-and-onnx-know-no-architecture',
      severity: 'error',
      from: { path: '^src/model-import/(?:checkpoint|onnx)/' },
      to: { path: '^src/model-import/(?:open-clip|biomedparse|dab-detr)/' },
    },
    onlyIn('^src/adapters/onnx/onnx-graph\\.ts$', 'onnxruntime-node'),
    onlyIn('^src/adapters/hnsw/workers/hnswlib-graph\\.ts$', 'hnswlib-node'),
    onlyIn('^src/adapters/hnsw/workers/usearch-graph\\.ts$', 'usearch'),
    onlyIn('^src/imaging/', 'sharp'),
    onlyIn('^src/platform/http/http-connection\\.ts$', 'undici'),
    onlyIn('^(?:src/adapters/sources/sets/hdf5-file\\.ts|test/support/set-tables\\.ts)$', 'h5wasm'),
    onlyIn('^src/adapters/sources/parquet/parquet-reading\\.ts$', 'hyparquet'),
    onlyIn('^src/adapters/sources/parquet/parquet-reading\\.ts$', 'hyparquet-compressors'),
    onlyIn('^src/adapters/sources/pdf/', 'pdfjs-dist'),
    onlyIn('^src/adapters/sources/(?:dicom/|sets/dicom-jpeg\\.ts$)', 'dicom-parser'),
    onlyIn('^src/adapters/sources/dicom/compressed-frame\\.ts$', '@cornerstonejs'),
    onlyIn('^src/adapters/sources/dicom/compressed-frame\\.ts$', 'jpeg-lossless-decoder-js'),
    onlyIn('^src/(?:adapters/sources/sets/csv-rows|corpus/export/collection-export\\.spec)\\.ts$', 'csv-parse'),
    onlyIn('^src/platform/csv-lines\\.ts$', 'csv-stringify'),
    onlyIn('^src/platform/zip-stream\\.ts$', 'yazl'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};
