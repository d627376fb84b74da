import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/app/config.js';
import type { DualEncoder } from '../../src/domain/dual-encoder.js';
import { OnnxEncoder } from '../../src/adapters/onnx/onnx-encoder.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';
import type { ProviderName } from '../../src/domain/inference-status.js';

/** A GPU made of software that comes with Chromium: all of WebGPU's way is real, but for the speed. */
const driver = process.env['SWIFTSHADER'] ?? '/usr/lib/chromium/vk_swiftshader_icd.json';

/** What the test needs and this machine lacks; null where all is there. */
function missingPart(): string | null {
  if (!existsSync(driver)) return `Chromium’s SwiftShader; ${driver} is absent (set SWIFTSHADER)`;
  const { stdout } = spawnSync('ldconfig', ['-p'], { encoding: 'utf8' });
  // Where nothing lists the libraries, the test itself tells.
  const isListed = typeof stdout !== 'string' || stdout === '' || stdout.includes('libvulkan.so.1');
  return isListed ? null : 'the Vulkan loader; libvulkan.so.1 is absent (Debian: libvulkan1)';
}

const missing = missingPart();
if (missing === null) {
  describe('WebGPU', webgpuTests);
} else {
  console.warn(`LEFT OUT: the test of WebGPU needs ${missing}`);
  it('finds SwiftShader and the Vulkan loader', () => {
    if (process.env['CI'] === 'true') throw new Error(`The test of WebGPU needs ${missing}`);
  });
}

function webgpuTests(): void {
  let model: DualEncoder;
  let client: OnnxEncoder | undefined;

  beforeAll(async () => {
    model = await new ModelRegistry(path.join(packageRoot, 'models')).load('starter');
  });

  afterEach(async () => {
    await client?.close();
    delete process.env['VK_DRIVER_FILES'];
    delete process.env['VK_ICD_FILENAMES'];
  });

  /** The child takes over the environment of this process. */
  async function started(providers: readonly ProviderName[], withDriver: boolean): Promise<OnnxEncoder> {
    if (withDriver) process.env['VK_ICD_FILENAMES'] = driver;
    client = new OnnxEncoder(model, { providers, threads: 1, batch: 8, timeoutMs: 300_000, queue: 64 });
    await client.start();
    return client;
  }

  it('gives the vectors of the CPU where it is asked for alone', async () => {
    const texts = ['a blood smear', 'western blot of three bands'];
    const pixels = [Uint8Array.from({ length: model.preparation.size ** 2 * 3 }, (_, i) => (i * 31) % 256)];
    const vectors: Float32Array[][] = [];
    for (const provider of ['cpu', 'webgpu'] as const) {
      const encoder = await started([provider], true);
      expect(encoder.status().provider).toBe(provider);
      vectors.push([...(await encoder.embedTexts(texts, 'bulk')), ...(await encoder.embedImages(pixels, 'bulk'))]);
      await encoder.close();
    }
    const [right = [], tried = []] = vectors;
    right.forEach((vector, row) => {
      vector.forEach((value, i) => {
        expect(Math.abs(value - (tried[row]?.[i] ?? NaN))).toBeLessThan(1e-4);
      });
    });
  });

  it('is passed over where it is software, no faster than the CPU', async () => {
    const { provider, failures } = (await started(['webgpu', 'cpu'], true)).status();
    expect(provider).toBe('cpu');
    expect(failures).toEqual([
      {
        provider: 'webgpu',
        reason: expect.stringMatching(/^it gains nothing over the CPU \(\d+ ms for what takes the CPU \d+\)/),
      },
    ]);
  });

  it('is passed over without a word of Vulkan’s where the machine shows no GPU', async () => {
    if (existsSync('/dev/dri') || existsSync('/dev/nvidia0') || existsSync('/dev/dxg')) return;
    const { provider, failures } = (await started(['webgpu', 'cpu'], false)).status();
    expect(provider).toBe('cpu');
    expect(failures[0]?.reason).toMatch(/^there is no GPU: no device in/);
  });
}
