import { describe, expect, it } from '@jest/globals';
import { suggestCudaFix, diagnoseCuda, missingLibraries } from './cuda-diagnostics.js';

const machine = { system: 'linux x64', hasDriver: true, hasProvider: true, missing: [] };

describe('what a GPU needs', () => {
  it('is the one command that adds the libraries, where they are absent', () => {
    expect(suggestCudaFix({ ...machine, hasProvider: false })).toMatch(
      /ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules\/onnxruntime-node\/script\/install\.js/,
    );
  });

  it('names the libraries that the loader does not find', () => {
    const listing =
      '\tlibcublas.so.12 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x1)\n\tlibcudnn.so.9 => not found\n';
    const missing = missingLibraries(listing);
    expect(missing).toEqual(['libcublas.so.12', 'libcudnn.so.9']);
    expect(suggestCudaFix({ ...machine, missing })).toMatch(
      /libcublas\.so\.12, libcudnn\.so\.9; install CUDA 12 and cuDNN 9/,
    );
    expect(suggestCudaFix({ ...machine, missing: ['libcufft.so.12', 'libcublasLt.so.13'] })).toMatch(/install CUDA 13/);
  });

  it('is the driver itself where its library is not found', () => {
    const missing = ['libcublas.so.13', 'libcuda.so.1'];
    expect(suggestCudaFix({ ...machine, missing })).toMatch(
      /libcuda\.so\.1, which is the NVIDIA driver's: .*--gpus all/,
    );
  });

  it('is nothing without a GPU, or where all is there', () => {
    expect(suggestCudaFix({ ...machine, hasDriver: false, hasProvider: false })).toBeNull();
    expect(suggestCudaFix(machine)).toBeNull();
    expect(suggestCudaFix({ ...machine, system: 'darwin arm64' })).toMatch(/darwin arm64/);
  });

  it('is looked for on this machine without an error', async () => {
    expect(await diagnoseCuda()).toMatchObject({ system: `${process.platform} ${process.arch}` });
  });
});
