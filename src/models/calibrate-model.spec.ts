import { describe, expect, it } from '@jest/globals';
import { FakeEncoder } from '../../test/support/fake-encoder.js';
import { MemoryCalibrationStore } from '../../test/support/memory-calibration-store.js';
import { dualEncoderManifest } from '../../test/support/package-manifests.js';
import { RecordingReporter } from '../../test/support/recording-reporter.js';
import { CalibrateModel } from './calibrate-model.js';
import { localOperator } from '../domain/viewer.js';

const calibration = { threads: 1, batch: 4, tokens: 256, imagesPerSecond: 7.5 };
const { model } = new FakeEncoder();
const manifest = dualEncoderManifest('fake', { version: model.version });

describe('calibrating a model', () => {
  function calibrator(store: MemoryCalibrationStore, isFixed = false): { run: CalibrateModel; measured: string[] } {
    const measured: string[] = [];
    const run = new CalibrateModel(
      { registry: { load: () => Promise.resolve(model) }, calibrations: store },
      ({ name }) => {
        measured.push(name);
        return Promise.resolve(calibration);
      },
      { providers: ['cpu'], isFixed },
      (command) => `figseek ${command}`,
    );
    return { run, measured };
  }

  it('keeps what it measured, and tells it', async () => {
    const [store, reporter] = [new MemoryCalibrationStore(), new RecordingReporter()];
    expect(await calibrator(store).run.run(localOperator, 'fake', reporter)).toEqual(calibration);
    expect(await store.read(model.version, ['cpu'])).toEqual(calibration);
    const [told, ...busy] = reporter.lines;
    expect(told).toBe('Measured on this machine: runs of 4 images or 256 tokens by 1 thread, 7.50 images a second');
    // Only where the machine that runs this test is busy.
    for (const line of busy) expect(line).toContain('“figseek models calibrate fake” measures again');
  });

  it('measures a model once', async () => {
    const [store, reporter] = [new MemoryCalibrationStore(), new RecordingReporter()];
    const { run, measured } = calibrator(store);
    await run.runOnce(localOperator, manifest, reporter);
    await run.runOnce(localOperator, manifest, reporter);
    expect(measured).toEqual(['fake']);
  });

  it('measures nothing of itself where the configuration decides', async () => {
    const { run, measured } = calibrator(new MemoryCalibrationStore(), true);
    await run.runOnce(localOperator, manifest, new RecordingReporter());
    expect(measured).toEqual([]);
  });
});
