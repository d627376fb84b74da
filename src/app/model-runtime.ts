import type { ImageReader } from '../ports/image-reader.js';
import type { UploadStore } from '../ports/upload-store.js';
import type { BlobStore } from '../ports/blob-store.js';
import path from 'node:path';
import type { Config } from './config.js';
import type { DualEncoder } from '../domain/dual-encoder.js';
import { CalibrationFile } from '../adapters/onnx/calibration-file.js';
import type { BatchConfig } from '../domain/calibration.js';
import { bulkNiceness, idleTimeoutMs } from '../platform/worker-process.js';
import type { InferenceOptions } from '../adapters/onnx/inference-options.js';
import { OnnxPanelDetector } from '../adapters/onnx/onnx-panel-detector.js';
import { OnnxEncoder } from '../adapters/onnx/onnx-encoder.js';
import { ProcessImageReader } from '../adapters/onnx/process-image-reader.js';
import { PanelClassification } from '../corpus/panel-classification.js';
import { EmbeddingBackfill } from '../corpus/embedding-backfill.js';
import { PanelDetectorProvider } from '../corpus/panel-detector-provider.js';
import { activeDetectorName } from '../models/active-model-name.js';
import type { ModelRegistry } from '../model-packages/package-registry.js';
import { FigureBuilder } from '../corpus/figure-builder.js';
import { Ingest } from '../corpus/ingest.js';
import { HitEnricher } from '../search/hit-enricher.js';
import { PanelSelector } from '../search/panel-selector.js';
import { DuplicateCollapser } from '../search/duplicates.js';
import { HeatMaps } from '../search/heat-maps.js';
import { PanelImages } from '../search/panel-images.js';
import { readSynonyms } from './read-synonyms.js';
import type { Synonyms } from '../domain/text/synonyms.js';
import { TextNoise } from '../search/text-noise.js';
import { QueryInterpreter } from '../search/query-interpreter.js';
import { QueryEncoder } from '../search/query-encoder.js';
import { Spelling } from '../search/spelling.js';
import { Ranker } from '../search/ranker.js';
import { ResultPager } from '../search/result-pager.js';
import { TunedSearch } from '../search/tuned-search.js';
import type { SearchServices } from '../search/search-services.js';
import type { SettingsStore } from '../ports/settings-store.js';
import type { Stores } from '../ports/stores.js';
import { claimIndexFolder } from '../adapters/hnsw/index-owners.js';
import { HnswVectorIndex } from '../adapters/hnsw/hnsw-vector-index.js';
import { advice } from './advice.js';

/** Everything that depends on one model: made whole, swapped whole. */
export interface ModelRuntime extends SearchServices {
  readonly model: DualEncoder;
  /** For people who wait. */
  readonly encoder: OnnxEncoder;
  /** For an ingest: in a process of its own that steps back for the other one, and ends when it has nothing to do. */
  readonly bulkEncoder: OnnxEncoder;
  readonly space: HnswVectorIndex;
  readonly queries: QueryEncoder;
  readonly bestPanels: PanelSelector;
  readonly heatMaps: HeatMaps;
  readonly tuned: TunedSearch;
  readonly maker: FigureBuilder;
  /** A run keeps the model that it began with. */
  readonly ingest: Ingest;
  readonly embedMissing: EmbeddingBackfill;
  readonly classification: PanelClassification;
}

/** Image files and how they are read. */
interface FileServices {
  readonly blobs: BlobStore;
  readonly uploads: UploadStore;
  readonly reader: ImageReader;
}

/** What all models share. */
export interface SharedServices {
  readonly stores: Stores;
  readonly files: FileServices;
}

/** The same, with what finds panels for an ingest. */
interface RuntimeServices extends SharedServices {
  readonly detectors: Pick<PanelDetectorProvider, 'current'>;
}

/** One batch of an ingest takes a second at full size: whoever searches must not wait for it. */
const lowPriority = { niceness: bulkNiceness, idleTimeoutMs } satisfies Partial<InferenceOptions>;

export async function createModelRuntime(
  model: DualEncoder,
  { stores, files, detectors }: RuntimeServices,
  config: Config,
): Promise<ModelRuntime> {
  const { id, file, figures, filters } = stores;
  const { blobs, uploads, reader } = files;
  const panels = new PanelImages(figures, blobs);
  const options = await encoderOptionsFor(model, config);
  const encoder = new OnnxEncoder(model, options);
  const bulkEncoder = new OnnxEncoder(model, { ...options, ...lowPriority });
  // Where the folder cannot be written, no index can be built either, and that is told then.
  if (file !== null) await claimIndexFolder(indexFolder(config, id), file).catch(() => undefined);
  const sources = { embeddings: stores.vectors, panels: stores.panels, filters };
  const space = new HnswVectorIndex(model, sources, {
    home: spaceFolder(config, id, model.version),
    engine: config.vectors,
    onProblem: (problem) => {
      console.error(problem);
    },
  });
  const queries = new QueryEncoder(encoder, { figures, index: space }, { uploads, panels, reader }, (command) =>
    advice(command, config.data),
  );
  const maker = new FigureBuilder(encoder, blobs, reader);
  const tuned = new TunedSearch(stores.settings, model.version);
  await tuned.refresh();
  const heatMaps = new HeatMaps(encoder, queries, { figures, panels, reader });
  return {
    ...{ model, encoder, bulkEncoder, space, queries, heatMaps, tuned },
    lists: resultPager({ encoder, queries, space, tuned }, { stores, synonyms: readSynonyms(config) }),
    details: new HitEnricher(queries, filters, heatMaps, new Spelling(stores.keywords)),
    bestPanels: new PanelSelector(model.version, queries, stores.embeddings),
    maker,
    ingest: new Ingest(new FigureBuilder(bulkEncoder, blobs, reader), stores, blobs, () => detectors.current()),
    embedMissing: new EmbeddingBackfill(bulkEncoder, blobs, stores.embeddings, reader),
    classification: new PanelClassification(bulkEncoder, stores.classes, stores.settings, filters),
  };
}

function resultPager(
  { encoder, queries, space: index, tuned }: Pick<ModelRuntime, 'encoder' | 'queries' | 'space' | 'tuned'>,
  { stores, synonyms }: { readonly stores: Stores; readonly synonyms: Synonyms },
): ResultPager {
  const { keywords, filters, panels } = stores;
  const steps = {
    interpreter: new QueryInterpreter(keywords, filters, synonyms),
    encoder: queries,
    ranker: new Ranker(index, keywords),
    noise: new TextNoise(encoder, index),
    duplicates: new DuplicateCollapser(panels),
  };
  return new ResultPager(encoder.model.name, steps, { index, keywords, filters }, tuned);
}

/** Indexes of one model over one database. */
export function spaceFolder(config: Config, databaseId: string, version: string): string {
  return path.join(indexFolder(config, databaseId), version.slice(0, 16));
}

/** Indexes of one database. */
function indexFolder(config: Config, databaseId: string): string {
  return path.join(config.indexes, databaseId);
}

/** How the child of a segmenter is to be run. */
export function segmenterOptions(config: Config) {
  const { batch: _batch, tokens: _tokens, devices, ...options } = encoderOptions(config);
  const [device = 0] = devices;
  return { ...options, device, timeoutMs: config.segmenterTimeoutMs, cacheBytes: config.segmenterCacheBytes };
}

/** Images of one run of a detector: more at once take more memory and no less time on a CPU. */
const detectorBatch = 4;

/** The active panel detector, run beside the other processes of an ingest; to be closed. */
export function newDetectors(
  config: Config,
  registry: ModelRegistry,
  settings: Pick<SettingsStore, 'get'>,
): PanelDetectorProvider {
  const { tokens: _tokens, devices, ...options } = encoderOptions(config);
  const [device = 0] = devices;
  const batch = config.inferenceBatch || detectorBatch;
  return new PanelDetectorProvider(
    registry,
    () => activeDetectorName(config.panelDetector, settings),
    (model) => new OnnxPanelDetector(model, { ...options, ...lowPriority, device, batch }),
  );
}

/** Reads image files for models; to be closed. */
export function newReader({ imageProcesses, maxPixels, inferenceQueue }: Config): ProcessImageReader {
  return new ProcessImageReader({ processes: imageProcesses, maxPixels, queue: inferenceQueue });
}

/** What `figseek models calibrate` and `models use` measured on this machine. */
export function calibrations(config: Config): CalibrationFile {
  return new CalibrationFile(path.join(config.data, 'calibration.json'));
}

/** An encoder as configured, else as measured here; to be closed. */
export async function newEncoder(model: DualEncoder, config: Config): Promise<OnnxEncoder> {
  return new OnnxEncoder(model, await encoderOptionsFor(model, config));
}

/** How the inference child of a model is to be run: as configured, else as measured here, else as usual. */
export async function encoderOptionsFor({ version }: DualEncoder, config: Config) {
  return encoderOptions(config, await calibrations(config).read(version, config.providers));
}

const usualBatch = 16;

/** How an inference child is to be run. */
export function encoderOptions(config: Config, measured: BatchConfig | null = null) {
  return {
    providers: config.providers,
    devices: config.gpuDevices,
    gpuMemory: config.gpuMemoryMb,
    onProblem: (problem: string) => {
      console.error(problem);
    },
    threads: config.inferenceThreads || (measured?.threads ?? 0),
    batch: config.inferenceBatch || (measured?.batch ?? usualBatch),
    tokens: config.inferenceBatch > 0 ? undefined : measured?.tokens,
    timeoutMs: config.inferenceTimeoutMs,
    queue: config.inferenceQueue,
  };
}
