import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { loadConfig, type Config } from '../../src/app/config.js';
import { calibrate } from '../../src/adapters/onnx/calibration.js';
import { OnnxEncoder } from '../../src/adapters/onnx/onnx-encoder.js';
import { CalibrationFile } from '../../src/adapters/onnx/calibration-file.js';
import { encoderOptionsFor } from '../../src/app/model-runtime.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';
import { newPlace, run } from '../support/figseek-process.js';

const place = newPlace();
const { data } = place;
const file = path.join(data, 'calibration.json');

async function optionsWith(settings: Readonly<Record<string, number>> = {}) {
  const config: Config = loadConfig({ data, ...settings }, {});
  return encoderOptionsFor(await new ModelRegistry(config.models).load('starter'), config);
}

describe('what suits a model on this machine', () => {
  it('is as usual until it was measured', async () => {
    expect(await optionsWith()).toMatchObject({ threads: 0, batch: 16 });
  });

  it('is measured by a command, kept and used', async () => {
    const { code, stdout } = await run(place, ['models', 'calibrate']);
    expect(code).toBe(0);
    const said = /runs of (\d+) images? or (\d+) tokens by (\d+) threads?, ([\d.e+]+) images a second/.exec(stdout);
    const [batch, tokens, threads, imagesPerSecond] = (said ?? []).slice(1).map(Number);
    expect(imagesPerSecond).toBeGreaterThan(1);
    expect([1, 2, 4, 8, 16, 32, 64, 128, 256]).toContain(batch);
    expect(threads).toBeLessThanOrEqual(availableParallelism());
    expect(await optionsWith()).toMatchObject({ threads, batch, tokens });
    expect(tokens).toBeGreaterThanOrEqual(64);
    const doctor = await run(place, ['doctor']);
    expect(doctor.stdout).toContain(said?.[0]);
  });

  it('is measured whole where the model takes longer to load than to measure', async () => {
    const model = await new ModelRegistry(loadConfig({ data }, {}).models).load('starter');
    const entry = fileURLToPath(new URL('../faults/telling-child.js', import.meta.url));
    const told = path.join(data, 'runs');
    // Two graphs, so that loading takes longer than the time there is to measure.
    Object.assign(process.env, { SLOW_LOAD_MS: '1500', TOLD_RUNS: told });
    const usual = { providers: ['cpu'], timeoutMs: 60_000, queue: 1024, entry } as const;
    await calibrate((size) => new OnnxEncoder(model, { ...usual, ...size }), 2500);
    delete process.env['SLOW_LOAD_MS'];
    delete process.env['TOLD_RUNS'];
    const lines = readFileSync(told, 'utf8').trim().split('\n');
    const runs = lines.map((line) => JSON.parse(line) as readonly number[]);
    // Numbers of threads are compared by runs of four: two are of those that look for the best number.
    expect(runs.filter(([count, , , channels]) => count === 2 && channels === 3).length).toBeGreaterThan(0);
    expect(runs.filter(({ length, 0: count }) => count === 2 && length === 2).length).toBeGreaterThan(0);
  });

  it('yields to what a person sets', async () => {
    expect(await optionsWith({ inferenceThreads: 1, inferenceBatch: 3 })).toMatchObject({
      threads: 1,
      batch: 3,
      tokens: undefined,
    });
  });

  it('is of this machine, this model and these providers alone', async () => {
    const kept = new CalibrationFile(file);
    const { models, providers } = loadConfig({ data }, {});
    const { version } = await new ModelRegistry(models).manifest('starter');
    expect(await kept.read(version, providers)).not.toBeNull();
    expect(await kept.read(version, ['cpu'])).toBeNull();
    expect(await kept.read('0'.repeat(64), providers)).toBeNull();
    const elsewhere = readFileSync(file, 'utf8').replaceAll(` × ${availableParallelism()}`, ' × 4097');
    writeFileSync(file, elsewhere);
    expect(await kept.read(version, providers)).toBeNull();
  });

  it('is measured anew where its file is damaged', async () => {
    for (const damaged of [
      '{',
      '{"format":1,"measured":{"x":{"threads":0,"batch":1,"tokens":64,"imagesPerSecond":1}}}',
    ]) {
      writeFileSync(file, damaged);
      expect(await optionsWith()).toMatchObject({ threads: 0, batch: 16 });
    }
    const calibration = { threads: 1, batch: 2, tokens: 128, imagesPerSecond: 3.5 };
    await new CalibrationFile(file).write('f'.repeat(64), ['cpu'], calibration);
    expect(await new CalibrationFile(file).read('f'.repeat(64), ['cpu'])).toEqual(calibration);
  });
});
