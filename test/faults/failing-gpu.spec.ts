import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/app/config.js';
import type { DualEncoder } from '../../src/domain/dual-encoder.js';
import { OnnxEncoder } from '../../src/adapters/onnx/onnx-encoder.js';
import type { DevicesOptions } from '../../src/adapters/onnx/inference-worker-pool.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';
import { childProcessesOf } from '../support/child-processes.js';

const texts = Array.from({ length: 24 }, (_, i) => `a blood smear with ${i} platelets`);

describe('a GPU that fails', () => {
  let model: DualEncoder;
  let truth: readonly Float32Array[];
  let client: OnnxEncoder | undefined;
  let problems: string[];

  beforeAll(async () => {
    model = await new ModelRegistry(path.join(packageRoot, 'models')).load('starter');
    const onCpu = new OnnxEncoder(model, { ...options({}), providers: ['cpu'] });
    truth = await onCpu.embedTexts(texts, 'bulk');
    await onCpu.close();
  });

  afterEach(async () => {
    await client?.close();
    for (const name of Object.keys(process.env)) {
      if (name.startsWith('FAKE_GPU')) Reflect.deleteProperty(process.env, name);
    }
  });

  function options(change: Partial<DevicesOptions>): DevicesOptions {
    const entry = fileURLToPath(new URL('./fake-gpu-child.js', import.meta.url));
    const usual = { providers: ['cuda', 'cpu'], threads: 1, batch: 8, timeoutMs: 60_000, queue: 64 } as const;
    return { ...usual, entry, onProblem: (problem) => problems.push(problem), ...change };
  }

  function connect(environment: Readonly<Record<string, string>>, change: Partial<DevicesOptions> = {}): OnnxEncoder {
    problems = [];
    // The child takes over the environment of this process.
    Object.assign(process.env, environment);
    client = new OnnxEncoder(model, options(change));
    return client;
  }

  function expectTruth(vectors: readonly Float32Array[]): void {
    expect(vectors).toHaveLength(truth.length);
    const differences = vectors.map((vector, row) =>
      Math.max(...vector.map((value, i) => Math.abs(value - (truth[row]?.[i] ?? NaN)))),
    );
    expect(Math.max(...differences)).toBeLessThan(1e-5);
  }

  it.each([
    ['absent', /cannot open shared object/],
    ['at the first run', /no kernel image/],
    ['killed at load', /ended \(SIGKILL\)/],
    ['other numbers', /products of matrices differ from those of the CPU/],
  ])('is passed over when it is unfit from the start: %s', async (way, reason) => {
    const encoder = connect({ FAKE_GPU: way });
    expectTruth(await encoder.embedTexts(texts, 'bulk'));
    expect(encoder.status()).toMatchObject({ provider: 'cpu', failures: [{ provider: 'cuda' }] });
    expect(encoder.status().failures[0]?.reason).toMatch(reason);
  });

  it('and takes the process with it is not mixed up with one that says why not', async () => {
    const encoder = connect({ FAKE_GPU: 'one absent, one killed' }, { providers: ['cuda', 'dml', 'cpu'] });
    expectTruth(await encoder.embedTexts(texts, 'bulk'));
    const reasons = encoder.status().failures.map(({ provider, reason }) => `${provider}: ${reason}`);
    expect(reasons.toSorted()).toEqual([
      expect.stringMatching(/^cuda: libcudnn\.so\.9: cannot open/),
      expect.stringMatching(/^dml: .*ended \(SIGKILL\)/),
    ]);
    expect(problems).toEqual([expect.stringMatching(/^dml failed while it loaded the model .* goes on with/)]);
  });

  it('that cannot be chosen has one process, however many are asked for', async () => {
    const encoder = connect({ FAKE_GPU: 'works', FAKE_GPU_DEVICES: '0,1' }, { providers: ['coreml'], devices: [0, 1] });
    expectTruth(await encoder.embedTexts(texts, 'bulk'));
    expect(encoder.status().provider).toBe('coreml');
    const children = () =>
      childProcessesOf(process.pid).flatMap(({ pid, command }) => (command.includes('fake-gpu-child') ? [pid] : []));
    for (let waited = 0; children().length > 1 && waited < 5000; waited += 50) await wait(50);
    expect(children()).toEqual([encoder.pid]);
  });

  // What any computer may have, unlike CUDA. Alone, as the fake one is no faster than the CPU.
  it('is refused where the model gives other answers by it than by the CPU', async () => {
    const encoder = connect({ FAKE_GPU: 'other answers' }, { providers: ['dml'] });
    await expect(encoder.start()).rejects.toThrow(/dml: the model gives other answers than on the CPU \(cosine -?0\./);
  });

  it('is believed where the model gives the answers of the CPU', async () => {
    const encoder = connect({ FAKE_GPU: 'works' }, { providers: ['dml'] });
    expectTruth(await encoder.embedTexts(texts, 'bulk'));
    expect(encoder.status()).toMatchObject({ provider: 'dml', failures: [] });
  });

  it.each([
    ['device lost', /CUDA failure 999/],
    ['process killed', /ended \(SIGKILL\)/],
    ['no answer', /ended \(SIGKILL\)/],
    ['not a number', /gave no usable answer/],
  ])('in the middle of the work costs no answer; the CPU goes on, loudly: %s', async (way, reason) => {
    const encoder = connect({ FAKE_GPU: way, FAKE_GPU_RUN: '2' }, way === 'no answer' ? { timeoutMs: 8000 } : {});
    const interactive = encoder.embedTexts(texts.slice(0, 1), 'interactive');
    expectTruth(await encoder.embedTexts(texts, 'bulk'));
    await interactive;
    const { provider, failures } = encoder.status();
    expect({ provider, failed: failures.map((failure) => failure.provider) }).toEqual({
      provider: 'cpu',
      failed: ['cuda'],
    });
    expect(failures[0]?.reason).toMatch(reason);
    expect(problems).toEqual([expect.stringMatching(/^cuda failed in the middle of the work .* goes on with cpu/)]);
  });

  it('with too little memory is asked for less at once, and stays', async () => {
    const encoder = connect({ FAKE_GPU: 'out of memory' });
    expectTruth(await encoder.embedTexts(texts, 'bulk'));
    expect(encoder.status()).toMatchObject({ provider: 'cuda', restarts: 0, failures: [] });
    expect(problems).toEqual([
      'The memory of cuda was too small for 8 inputs (text) at once; from now on 4',
      'The memory of cuda was too small for 4 inputs (text) at once; from now on 2',
    ]);
  });

  it('fails with its reason where no other provider is allowed', async () => {
    const encoder = connect({ FAKE_GPU: 'device lost' }, { providers: ['cuda'] });
    await expect(encoder.embedTexts(texts, 'bulk')).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: expect.stringContaining('CUDA failure 999') as unknown,
    });
  });

  it('leaves the work to another GPU', async () => {
    const encoder = connect(
      { FAKE_GPU: 'device lost', FAKE_GPU_DEVICES: '0,1', FAKE_GPU_FAILING: '1' },
      { devices: [0, 1] },
    );
    expectTruth(await encoder.embedTexts(texts, 'bulk'));
    expectTruth(await encoder.embedTexts(texts, 'bulk'));
    expect(encoder.status()).toMatchObject({ provider: 'cuda', failures: [{ provider: 'cuda' }] });
    expect(problems).toHaveLength(1);
  });

  it('that is the first of two and broken leaves the work to the second', async () => {
    const encoder = connect({ FAKE_GPU_DEVICES: '0' }, { devices: [7, 0] });
    expectTruth(await encoder.embedTexts(texts, 'bulk'));
    expect(encoder.status()).toMatchObject({ ready: true, provider: 'cuda' });
  });

  it('that is not there costs only itself', async () => {
    const encoder = connect({ FAKE_GPU_DEVICES: '0' }, { devices: [0, 7] });
    expectTruth(await encoder.embedTexts(texts, 'bulk'));
    expect(encoder.status().provider).toBe('cuda');
    expect(encoder.status().failures[0]?.reason).toMatch(/invalid device ordinal 7/);
  });

  describe('with a limit to its memory', () => {
    const usualPath = process.env['PATH'];
    let tools: string;

    beforeAll(() => {
      tools = mkdtempSync(path.join(tmpdir(), 'smi-'));
      const script = `#!/bin/sh\ncase "$1" in --query-gpu=*) cat "$FAKE_GPU_MEMORY";; esac\n`;
      writeFileSync(path.join(tools, 'nvidia-smi'), script, { mode: 0o755 });
    });

    afterEach(() => {
      process.env['PATH'] = usualPath;
    });

    function limited(gpuMemory: number): OnnxEncoder {
      process.env['PATH'] = `${tools}:${usualPath ?? ''}`;
      const memory = path.join(tools, 'used');
      writeFileSync(memory, '300');
      return connect({ FAKE_GPU: 'works', FAKE_GPU_MEMORY: memory }, { gpuMemory });
    }

    it('makes runs smaller until it is kept, and gives back what was taken', async () => {
      // Two graphs with one input each take 2000.
      const encoder = limited(3500);
      expectTruth(await encoder.embedTexts(texts, 'bulk'));
      expect(encoder.status()).toMatchObject({ provider: 'cuda', failures: [] });
      expect(problems[0]).toMatch(/^The memory of cuda was too small for 8 inputs \(text\) at once; from now on 4$/);
      expect(Number(readFileSync(path.join(tools, 'used'), 'utf8'))).toBeLessThanOrEqual(300 + 3500);
    });

    it('does not count what others take between its runs', async () => {
      const encoder = limited(6000);
      await encoder.embedTexts(texts.slice(0, 1), 'bulk');
      const used = path.join(tools, 'used');
      writeFileSync(used, String(Number(readFileSync(used, 'utf8')) + 5000));
      expectTruth(await encoder.embedTexts(texts, 'bulk'));
      expect(encoder.status()).toMatchObject({ provider: 'cuda', failures: [] });
      expect(problems).toEqual([]);
    });

    it('passes the GPU over where the model alone takes more, saying how much', async () => {
      const encoder = limited(1500);
      expectTruth(await encoder.embedTexts(texts, 'bulk'));
      expect(encoder.status()).toMatchObject({
        provider: 'cpu',
        failures: [{ reason: 'out of memory: 2000 MB are used where FIGSEEK_GPU_MEMORY_MB allows 1500' }],
      });
    });

    it('passes the GPU over where nothing can measure it, saying so', async () => {
      const encoder = limited(1500);
      process.env['PATH'] = tools.replace('smi-', 'nothing-');
      await encoder.start();
      expect(encoder.status().failures[0]?.reason).toMatch(
        /^FIGSEEK_GPU_MEMORY_MB is set, and nvidia-smi, which measures it, cannot be asked: /,
      );
    });
  });
});
