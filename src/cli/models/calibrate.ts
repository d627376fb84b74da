import { availableParallelism, loadavg } from 'node:os';
import { Command } from 'commander';
import { loadConfig, type Config } from '../../app/config.js';
import { calibrate, type Calibration } from '../../adapters/onnx/calibration.js';
import { OnnxEncoder } from '../../adapters/onnx/onnx-encoder.js';
import { calibrations, encoderOptions } from '../../app/model-runtime.js';
import type { DualEncoderManifest } from '../../model-packages/package-manifest.js';
import { ModelRegistry } from '../../model-packages/package-registry.js';
import { printLine } from '../output.js';
import { advice } from '../../app/advice.js';

/** `figseek models calibrate`: how many threads and images a run suit a model here. */
export function modelsCalibrateCommand(): Command {
  return new Command('calibrate')
    .description('measures how many threads and images of one run suit a model on this machine, and keeps it')
    .argument('[name]', 'a model package (default: starter, or FIGSEEK_MODEL)')
    .action(async (name: string | undefined, _options, self: Command) => {
      const config = loadConfig({ data: self.optsWithGlobals<{ data?: string }>().data, model: name });
      await measure(config, config.model ?? 'starter');
    });
}

/** Measures a model that this machine has not measured, unless the configuration decides. */
export async function calibrateOnce(config: Config, { name, version }: DualEncoderManifest): Promise<void> {
  if (config.inferenceThreads > 0 && config.inferenceBatch > 0) return;
  if ((await calibrations(config).read(version, config.providers)) !== null) return;
  await measure(config, name);
}

async function measure(config: Config, name: string): Promise<void> {
  const [loadBefore = 0] = loadavg();
  const model = await new ModelRegistry(config.models).load(name);
  const calibration = await calibrate((size) => new OnnxEncoder(model, { ...encoderOptions(config), ...size }));
  await calibrations(config).write(model.version, config.providers, calibration);
  printLine(describeCalibration(calibration));
  if (loadBefore > availableParallelism() / 2) {
    printLine(
      `The machine had other work (load ${loadBefore.toFixed(1)}): “${advice(`models calibrate ${name}`, config.data)}” measures again when it is quiet`,
    );
  }
}

export function describeCalibration({ threads, batch, tokens, imagesPerSecond }: Calibration): string {
  const [runs, images] = [
    threads === 1 ? '1 thread' : `${threads} threads`,
    batch === 1 ? '1 image' : `${batch} images`,
  ];
  const speed = `${imagesPerSecond.toPrecision(3)} images a second`;
  return `Measured on this machine: runs of ${images} or ${tokens} tokens by ${runs}, ${speed}`;
}
