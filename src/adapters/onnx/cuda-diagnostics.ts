import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../../domain/errors.js';
import { fileExists } from '../../platform/file-exists.js';

/** What CUDA needs of a machine, as far as it can be seen. */
export interface CudaDiagnostics {
  readonly system: string;
  /** Whether the kernel has an NVIDIA driver loaded, or Windows has one beneath WSL. */
  readonly hasDriver: boolean;
  /** Whether ONNX Runtime's CUDA libraries lie beside its binding: the npm package does not hold them. */
  readonly hasProvider: boolean;
  /** Shared libraries that the provider asks for and the loader does not find. */
  readonly missing: readonly string[];
}

const signsOfDriver = ['/proc/driver/nvidia/version', '/dev/nvidiactl', '/usr/lib/wsl/lib/libcuda.so.1'];
const driverLibrary = 'libcuda.so.1';
const installer = 'node_modules/onnxruntime-node/script/install.js';

/**
 * What the owner of a GPU has to run so that the provider `cuda` can be used.
 * @returns null where the machine has no GPU of that kind, or nothing is seen to be missing
 */
export function suggestCudaFix({ system, hasDriver, hasProvider, missing }: CudaDiagnostics): string | null {
  if (!hasDriver) return null;
  if (system !== 'linux x64') return `ONNX Runtime has CUDA libraries for linux x64 alone; this is ${system}`;
  if (!hasProvider) {
    return `ONNX Runtime's CUDA libraries are not here; with CUDA 12 and cuDNN 9 installed, in figseek's folder: ONNXRUNTIME_NODE_INSTALL=cuda12 node ${installer}`;
  }
  if (missing.length === 0) return null;
  if (missing.includes(driverLibrary)) {
    return `the loader does not find ${driverLibrary}, which is the NVIDIA driver's: install the driver, and give a container the GPU (docker run --gpus all)`;
  }
  const cuda = versionOf(/^libcu(?:dart|blas|blasLt)\.so\.(\d+)/, missing) ?? '12';
  const cudnn = versionOf(/^libcudnn\.so\.(\d+)/, missing) ?? '9';
  return `not found by the loader: ${missing.join(', ')}; install CUDA ${cuda} and cuDNN ${cudnn}, and put their folders into LD_LIBRARY_PATH`;
}

/** The version that those libraries carry in their names. */
function versionOf(pattern: RegExp, names: readonly string[]): string | undefined {
  return names.map((name) => pattern.exec(name)?.[1]).find((version) => version !== undefined);
}

/** Looks at this machine. */
export async function diagnoseCuda(): Promise<CudaDiagnostics> {
  const library = path.join(
    path.dirname(createRequire(import.meta.url).resolve('onnxruntime-node')),
    `../bin/napi-v6/${process.platform}/${process.arch}/libonnxruntime_providers_cuda.so`,
  );
  const hasProvider = await fileExists(library);
  return {
    system: `${process.platform} ${process.arch}`,
    hasDriver: (await Promise.all(signsOfDriver.map(fileExists))).includes(true),
    hasProvider,
    missing: hasProvider ? await unresolved(library) : [],
  };
}

async function unresolved(library: string): Promise<readonly string[]> {
  try {
    const { stdout } = await promisify(execFile)('ldd', [library]);
    return missingLibraries(stdout);
  } catch (error) {
    return [`(ldd cannot tell: ${messageOf(error).split('\n', 1)[0] ?? ''})`];
  }
}

/** @param listing what `ldd` prints */
export function missingLibraries(listing: string): readonly string[] {
  return [...listing.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name ?? '');
}
