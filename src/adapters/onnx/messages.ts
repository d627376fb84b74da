import type { ProviderName } from '../../domain/inference-status.js';
import type { RawDetections } from '../../domain/panel-detector.js';
import type { RawMask } from '../../domain/segmenter.js';

/** What crosses between the server and the inference child. Typed arrays travel by structured clone. */
/** Whether the provider can be told which of several GPUs to take; the others take the one that the system chooses. */
export function hasDevices(provider: ProviderName): provider is 'cuda' | 'tensorrt' | 'dml' {
  return ['cuda', 'tensorrt', 'dml'].includes(provider);
}

interface PackageFiles {
  /** Of the package's `model.json`, which lies beside the graphs: another one may be put in its place meanwhile. */
  readonly version: string;
}

export interface DualEncoderFiles extends PackageFiles {
  readonly kind: 'dual-encoder';
  readonly imageGraph: string;
  readonly textGraph: string;
  /** Opened with the first request for support; null where the package has none. */
  readonly supportGraph: string | null;
  readonly imageSize: number;
}

export interface SegmenterFiles extends PackageFiles {
  readonly kind: 'segmenter';
  readonly imageGraph: string;
  readonly textGraph: string;
  readonly decoderGraph: string;
  /** Most bytes of image features that are kept for further prompts. */
  readonly cacheBytes: number;
}

export interface PanelDetectorFiles extends PackageFiles {
  readonly kind: 'panel-detector';
  readonly graph: string;
  readonly imageSize: number;
}

export type ModelFiles = DualEncoderFiles | SegmenterFiles | PanelDetectorFiles;

export interface LoadWork {
  readonly kind: 'load';
  readonly model: ModelFiles;
  readonly provider: ProviderName;
  /** Whether the CPU would do the work where this provider does not: it is to be faster then. */
  readonly isBeforeCpu: boolean;
  /** Whether it ran this model rightly before. */
  readonly isProven: boolean;
  /** Threads of one run; 0 leaves the choice to ONNX Runtime. */
  readonly threads: number;
  /** Number of the GPU. */
  readonly device: number;
  /** Most megabytes of its memory; 0 for no limit. */
  readonly gpuMemory: number;
}

export interface ImagesWork {
  readonly kind: 'images';
  /** uint8 [count, size, size, 3] */
  readonly pixels: Uint8Array;
  readonly count: number;
  readonly size: number;
}

export interface SupportWork {
  readonly kind: 'support';
  /** uint8 [count, size, size, 3] */
  readonly pixels: Uint8Array;
  /** float32 [count, dimensions] */
  readonly directions: Float32Array;
  readonly count: number;
  readonly size: number;
}

export interface TextsWork {
  readonly kind: 'texts';
  /** int32 [count, length], padded to the longest text of the batch */
  readonly ids: Int32Array;
  readonly mask: Int32Array;
  readonly count: number;
  readonly length: number;
}

/** One prompt on one picture. */
export interface SegmentWork {
  readonly kind: 'segment';
  /** uint8 [size, size, 3] */
  readonly pixels: Uint8Array;
  readonly size: number;
  /** int32 [length], start and end included */
  readonly ids: Int32Array;
}

/** Values on the way to a mask, by the names of the graphs' outputs. */
export interface InspectWork extends Omit<SegmentWork, 'kind'> {
  readonly kind: 'inspect';
  readonly names: readonly string[];
}

/** Panels of some images. */
export interface DetectWork extends Omit<ImagesWork, 'kind'> {
  readonly kind: 'detect';
}

export type RunWork = ImagesWork | TextsWork | SupportWork | SegmentWork | InspectWork | DetectWork;
export type Work = LoadWork | RunWork;

export type Answer =
  | { readonly kind: 'loaded' }
  /** float32 [count, dimensions]; for support [count, 1 + grid²] */
  | { readonly kind: 'vectors'; readonly of: 'embeddings' | 'support'; readonly vectors: Float32Array }
  | ({ readonly kind: 'mask' } & RawMask)
  /** float32 [count, queries, 4] and [count, queries, labels] */
  | ({ readonly kind: 'detections' } & RawDetections)
  | { readonly kind: 'tensors'; readonly tensors: Readonly<Record<string, Float32Array>> }
  | { readonly kind: 'failed'; readonly message: string };
