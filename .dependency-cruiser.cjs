/** The law of imports (docs/architecture.md): api → search, ingest → inference, vectors, store, blobs, images, models → domain. */
const second = 'search|ingest|evaluation|masks';
const third = 'inference|vectors|store|blobs|images|models|native';

/** Only `from` may import the package `name`. */
const onlyIn = (from, name) => ({
  name: `${name}-only-in-one-file`,
  severity: 'error',
  from: { pathNot: from },
  to: { path: `node_modules/${name}/` },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-imports-nothing',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { path: '^src/(?!domain/)' },
    },
    {
      name: 'third-rank-not-upwards',
      severity: 'error',
      from: { path: `^src/(?:${third})/` },
      to: { path: '^src/', pathNot: `^src/(?:${third}|domain)/` },
    },
    {
      name: 'second-rank-not-upwards',
      severity: 'error',
      from: { path: `^src/(?:${second})/` },
      to: { path: '^src/', pathNot: `^src/(?:${second}|${third}|domain)/` },
    },
    {
      name: 'search-and-ingest-not-sideways',
      severity: 'error',
      from: { path: '^src/search/' },
      to: { path: '^src/(?:ingest|evaluation)/' },
    },
    {
      name: 'ingest-and-search-not-sideways',
      severity: 'error',
      from: { path: '^src/ingest/' },
      to: { path: '^src/(?:search|evaluation)/' },
    },
    {
      name: 'checkpoint-and-onnx-know-no-architecture',
      severity: 'error',
      from: { path: '^src/models/(?:checkpoint|onnx)/' },
      to: { path: '^src/models/(?:open-clip|biomedparse|hub)/' },
    },
    {
      name: 'samples-are-a-leaf',
      severity: 'error',
      from: { pathNot: '^(?:src/samples/|src/cli/sample-items\\.ts|test/)' },
      to: { path: '^src/samples/' },
    },
    onlyIn('^src/inference/onnx-graph\\.ts$', 'onnxruntime-node'),
    onlyIn('^src/vectors/workers/hnswlib-graph\\.ts$', 'hnswlib-node'),
    onlyIn('^src/vectors/workers/usearch-graph\\.ts$', 'usearch'),
    onlyIn('^src/images/', 'sharp'),
    onlyIn('^src/models/hub/hub-client\\.ts$', 'undici'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
};
