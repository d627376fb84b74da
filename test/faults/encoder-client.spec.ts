import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/app/config.js';
import type { DualEncoder } from '../../src/domain/dual-encoder.js';
import { dot } from '../../src/domain/vector.js';
import { OnnxEncoder } from '../../src/adapters/onnx/onnx-encoder.js';
import type { InferenceOptions } from '../../src/adapters/onnx/inference-options.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';

const usual: InferenceOptions = { providers: ['cpu'], threads: 1, batch: 8, timeoutMs: 60_000, queue: 64 };

function childFile(name: string): string {
  return fileURLToPath(new URL(`./${name}.js`, import.meta.url));
}

describe('the encoder client', () => {
  let model: DualEncoder;
  let client: OnnxEncoder | undefined;

  beforeAll(async () => {
    model = await new ModelRegistry(path.join(packageRoot, 'models')).load('starter');
  });

  afterEach(async () => {
    await client?.close();
  });

  function connect(options: Partial<InferenceOptions> = {}): OnnxEncoder {
    client = new OnnxEncoder(model, { ...usual, ...options });
    return client;
  }

  it('gives the same vector alone and in a batch', async () => {
    const encoder = connect();
    const texts = ['blood smear', 'a chest radiograph of an adult in AP view', 'gel'];
    const together = await encoder.embedTexts(texts, 'bulk');
    const [alone] = await encoder.embedTexts(texts.slice(0, 1), 'interactive');
    expect(dot(together[0] ?? new Float32Array(), alone ?? new Float32Array())).toBeCloseTo(1, 5);
  });

  it('answers after its process was killed', async () => {
    const encoder = connect();
    await encoder.start();
    const answers = encoder.embedTexts(Array<string>(40).fill('electron micrograph'), 'bulk');
    process.kill(encoder.pid ?? 0, 'SIGKILL');
    expect(await answers).toHaveLength(40);
    expect(encoder.status()).toMatchObject({ ready: true, restarts: 1 });
  });

  it('says that it is not ready when its idle process was killed, and answers the next request', async () => {
    const encoder = connect();
    await encoder.start();
    process.kill(encoder.pid ?? 0, 'SIGKILL');
    for (let waited = 0; encoder.status().ready && waited < 5000; waited += 20) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(encoder.status()).toMatchObject({ ready: false, provider: null, restarts: 1 });
    expect(await encoder.embedTexts(['gel'], 'interactive')).toHaveLength(1);
    expect(encoder.status()).toMatchObject({ ready: true, restarts: 1 });
  });

  it('makes runs of texts no longer than they may be, padding included', async () => {
    const told = path.join(mkdtempSync(path.join(tmpdir(), 'told-')), 'runs');
    process.env['TOLD_RUNS'] = told;
    const [entry, tokens] = [childFile('telling-child'), 192];
    client = new OnnxEncoder(model, { ...usual, entry, tokens });
    const lengths = [60, 3, 9, 41, 3, 77, 5, 18, 12, 30, 6, 24, 3, 55, 8];
    const words = model.tokenize('axial image of the chest in a man with effusion '.repeat(20));
    await client.start();
    writeFileSync(told, '');
    expect(
      await client.embedTokens(
        lengths.map((length) => words.slice(0, length)),
        'bulk',
      ),
    ).toHaveLength(15);
    delete process.env['TOLD_RUNS'];
    const runs = readFileSync(told, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as [number, number]);
    expect(runs.reduce((sum, [count]) => sum + count, 0)).toBe(15);
    expect(Math.max(...runs.map(([count, length]) => count * length))).toBeLessThanOrEqual(tokens);
    // Those of like length together: 354 tokens, and half as many of padding at most.
    expect(runs.reduce((sum, [count, length]) => sum + count * length, 0)).toBeLessThan(531);
  });

  it('embeds nothing by another package that was put in the place of its own', async () => {
    const models = mkdtempSync(path.join(tmpdir(), 'models-'));
    const folder = path.join(models, 'starter');
    cpSync(path.join(packageRoot, 'models', 'starter'), folder, { recursive: true });
    client = new OnnxEncoder(await new ModelRegistry(models).load('starter'), usual);
    await client.embedTexts(['gel'], 'bulk');
    client.suspend();
    const manifest = JSON.parse(readFileSync(path.join(folder, 'model.json'), 'utf8')) as object;
    writeFileSync(path.join(folder, 'model.json'), JSON.stringify({ ...manifest, version: 'c'.repeat(64) }));
    await expect(client.embedTexts(['gel'], 'bulk')).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: expect.stringMatching(/holds c{16}, put in its place meanwhile/) as unknown,
    });
  });

  it('gives up on an input that kills the process twice', async () => {
    const encoder = connect({ entry: childFile('dying-child') });
    await expect(encoder.embedTexts(['blot'], 'bulk')).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    expect(encoder.status().restarts).toBe(2);
  });

  it('ends a run that goes past its time limit', async () => {
    const encoder = connect({ entry: childFile('silent-child'), timeoutMs: 300 });
    await expect(encoder.embedTexts(['blot'], 'bulk')).rejects.toMatchObject({ code: 'TIMEOUT' });
    await expect(encoder.embedTexts(['blot'], 'interactive')).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(encoder.status().queued).toBe(0);
  });

  it('ends what runs and what waits when it is closed, and starts no other process', async () => {
    const encoder = connect({ entry: childFile('silent-child'), batch: 1, queue: 1 });
    await encoder.start();
    const asked = ['in flight', 'queued', 'without room'].map((text) => encoder.embedTexts([text], 'bulk'));
    const settled = Promise.allSettled(asked);
    await encoder.close();
    for (const outcome of await settled) {
      expect(outcome).toMatchObject({ reason: { code: 'MODEL_UNAVAILABLE', message: 'The server is shutting down' } });
    }
    expect(encoder.pid).toBeUndefined();
    await expect(encoder.start()).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });

  it('sends no empty batch when the only request has timed out during the start', async () => {
    const encoder = connect({ entry: childFile('slow-child'), timeoutMs: 100 });
    await expect(encoder.embedTexts(['blot'], 'interactive')).rejects.toMatchObject({ code: 'TIMEOUT' });
    await encoder.start();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(encoder.status()).toMatchObject({ ready: true, restarts: 0 });
  });

  it('serves a person before a long ingest', async () => {
    const encoder = connect({ queue: 400 });
    await encoder.start();
    const order: string[] = [];
    const bulk = encoder.embedTexts(Array<string>(300).fill('karyotype'), 'bulk').then(() => order.push('bulk'));
    await encoder.embedTexts(['fundus'], 'interactive').then(() => order.push('interactive'));
    await bulk;
    expect(order).toEqual(['interactive', 'bulk']);
  });

  it('refuses more waiting people than its queue holds, and says so', async () => {
    const encoder = connect({ queue: 4 });
    const asked = await Promise.allSettled(
      Array.from({ length: 8 }, () => encoder.embedTexts(['gel', 'blot'], 'interactive')),
    );
    const refused = asked.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ reason: { code: 'RATE_LIMITED' } });
    expect(asked[0]).toMatchObject({ status: 'fulfilled' });
  });

  it('says which providers it could not use and why', async () => {
    const encoder = connect({ providers: ['coreml', 'cpu'] });
    await encoder.start();
    expect(encoder.status()).toMatchObject({ provider: 'cpu', failures: [{ provider: 'coreml' }] });
  });

  it('takes no provider that cannot run the image graph', async () => {
    client = new OnnxEncoder(
      { ...model, preparation: { ...model.preparation, size: model.preparation.size + 1 } },
      usual,
    );
    await expect(client.start()).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });

  it('fails with the reason when no process can load the model', async () => {
    model = { ...model, imageGraph: '/nowhere/image.onnx' };
    client = new OnnxEncoder({ ...model, imageGraph: childFile('no-such-graph') }, usual);
    await expect(client.start()).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  });
});
