import { existsSync, readdirSync } from 'node:fs';
import { toFloats, toTensor, type RunnableGraph } from './onnx-graph.js';
import { probeGraph } from './probe-graph.js';
import type { ProviderName } from '../../domain/inference-status.js';

/** Opens a graph, a file or its bytes, by a provider. */
export type GraphOpener = (
  graph: string | Uint8Array,
  provider: ProviderName,
  options: { readonly threads: number; readonly device: number },
) => Promise<RunnableGraph>;

/** Side of the matrices: 2 GFLOP in all, some 20 ms of two cores, a millisecond or two of a GPU. */
const side = 512;
/** Of the largest value: CUDA takes TF32 for products; the others may not compute in half where float32 was asked for. */
const maxDifference = (provider: ProviderName): number => (desktopProviders.includes(provider) ? 1e-4 : 1e-2);
/**
 * What any computer may have. One without a GPU computes them by its processor, slowly; and their kernels have run far
 * fewer models than those of CUDA.
 */
export const desktopProviders: readonly ProviderName[] = ['webgpu', 'coreml', 'dml'];
/** So much faster than the CPU it must be: what lies nearer changes from one start to the next. */
const worthwhile = 1.25;

/**
 * Tries a provider by a small graph before a model of gigabytes is loaded: it must give the numbers of the CPU and, where
 * it may be software that only looks like a GPU, sooner.
 * @param isBeforeCpu whether the CPU would take its place; where not, it may be slow
 * @throws {Error} why it is not to be used
 */
export async function probe(
  provider: ProviderName,
  isBeforeCpu: boolean,
  open: GraphOpener,
  options: { readonly threads: number; readonly device: number },
): Promise<void> {
  if (provider === 'cpu') return;
  if (provider === 'webgpu' && lacksGpu()) {
    throw new Error('there is no GPU: no device in /dev/dri, no /dev/nvidia0, no /dev/dxg');
  }
  const tried = await measured(provider, open, options);
  const right = await measured('cpu', open, options);
  const largest = right.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const isEqual = right.values.every(
    (value, i) => Math.abs(value - (tried.values[i] ?? NaN)) <= maxDifference(provider) * largest,
  );
  if (!isEqual) throw new Error('its products of matrices differ from those of the CPU');
  if (isBeforeCpu && desktopProviders.includes(provider) && worthwhile * tried.ms > right.ms) {
    const times = `${tried.ms.toFixed(0)} ms for what takes the CPU ${right.ms.toFixed(0)}`;
    throw new Error(`it gains nothing over the CPU (${times}): a GPU made of software?`);
  }
}

async function measured(
  provider: ProviderName,
  open: GraphOpener,
  options: { readonly threads: number; readonly device: number },
): Promise<{ readonly values: Float32Array; readonly ms: number }> {
  const graph = await open(probeGraph, provider, options);
  try {
    const feeds = { x: toTensor(spread(1), [side, side]), m: toTensor(spread(2), [side, side]) };
    // The first run compiles.
    const values = toFloats(await graph.run(feeds, ['y']), 'y');
    let ms = Infinity;
    for (let round = 0; round < 3; round++) {
      const startedAt = performance.now();
      await graph.run(feeds, ['y']);
      ms = Math.min(ms, performance.now() - startedAt);
    }
    return { values, ms };
  } finally {
    await graph.release();
  }
}

/** Values without a pattern, of a size that products keep: variance 1 / side. */
function spread(seed: number): Float32Array {
  let state = seed;
  const scale = Math.sqrt(12 / side);
  return Float32Array.from({ length: side * side }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return scale * (state / 2 ** 32 - 0.5);
  });
}

/** Where Linux shows no device, Vulkan would print what it does not find at every start. A driver that is named counts. */
function lacksGpu(): boolean {
  if (process.platform !== 'linux') return false;
  if ((process.env['VK_DRIVER_FILES'] ?? process.env['VK_ICD_FILENAMES']) !== undefined) return false;
  const hasRenderer = existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('render'));
  return !hasRenderer && !existsSync('/dev/nvidia0') && !existsSync('/dev/dxg');
}
