import { diagnoseCuda, suggestCudaFix } from '../../adapters/onnx/cuda-diagnostics.js';
import { messageOf } from '../../domain/errors.js';
import type { InferenceStatus } from '../../domain/inference-status.js';
import { starterModel } from '../../models/active-model-name.js';
import { describeCalibration } from '../../models/describe-calibration.js';
import type { Encoder } from '../../ports/encoder.js';
import { advice } from '../advice.js';
import type { Config } from '../config.js';
import { checkSegmenter } from '../mask-runtime.js';
import { calibrations } from '../model-runtime.js';
import { openRegistry } from '../open-registry.js';
import type { Finding } from './finding.js';

/** Segmenters with their licenses, which bind whoever uses them. */
export async function listSegmenters(config: Config): Promise<readonly Finding[]> {
  const packages = await openRegistry(config).list();
  return packages
    .filter(({ kind }) => kind === 'segmenter')
    .map(({ name, license, warning }) => ({
      about: 'segmenter',
      state: 'note',
      message: `${name} (${license})${warning === null ? '' : `: ${warning}`}`,
    }));
}

/** A configured segmenter that cannot be used stops the start of a server. */
export async function checkConfiguredSegmenter(config: Config): Promise<readonly Finding[]> {
  try {
    await checkSegmenter(config);
    return [];
  } catch (error) {
    return [{ about: 'segmenter', state: 'wrong', message: messageOf(error) }];
  }
}

/** Starts a model, and says where it runs and what a user of it must know. */
export async function checkModel(encoder: Encoder, config: Config): Promise<readonly Finding[]> {
  await encoder.start();
  const { provider, failures } = encoder.status();
  const { name, warning } = encoder.model;
  const { data } = config;
  const findings: Finding[] = [
    { about: 'model', state: 'ok', message: `${name} on ${provider ?? 'nothing'}` },
    await checkCalibration(encoder, config),
    ...(await describeFailures(failures)),
  ];
  if (warning !== null) findings.push({ about: 'model', state: 'note', message: warning });
  if (name === starterModel) {
    const message = `for real work: ${advice('models pull biomedclip', data)}, then ${advice('models use biomedclip', data)}`;
    findings.push({ about: 'model', state: 'note', message });
  }
  return findings;
}

async function checkCalibration({ model }: Encoder, config: Config): Promise<Finding> {
  const measured = await calibrations(config).read(model.version, config.providers);
  if (measured !== null) return { about: 'model', state: 'ok', message: describeCalibration(measured) };
  const fix = advice(`models calibrate ${model.name}`, config.data);
  return { about: 'model', state: 'note', message: `not measured on this machine: ${fix}` };
}

async function describeFailures(failures: InferenceStatus['failures']): Promise<readonly Finding[]> {
  const findings: Finding[] = failures.map(({ provider, reason }) => ({
    about: `provider ${provider}`,
    state: 'note',
    message: `not used: ${reason}`,
  }));
  const fix = failures.some(({ provider }) => provider === 'cuda') ? suggestCudaFix(await diagnoseCuda()) : null;
  if (fix !== null) findings.push({ about: 'GPU', state: 'note', message: `there is one, and it is not used: ${fix}` });
  return findings;
}
