import { statfs } from 'node:fs/promises';
import { Command } from 'commander';
import { loadConfig, printable, type Config } from '../app/config.js';
import { messageOf } from '../domain/errors.js';
import { suggestCudaFix, diagnoseCuda } from '../adapters/onnx/cuda-diagnostics.js';
import type { OnnxEncoder } from '../adapters/onnx/onnx-encoder.js';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { FigureReader } from '../adapters/sqlite/figure-reader.js';
import { ActiveModel } from '../app/active-model.js';
import { Database } from '../adapters/sqlite/database.js';
import type { VectorIndex } from '../adapters/hnsw/vector-index.js';
import { resamplerState } from '../imaging/preprocess/resample.js';
import { nativeState } from '../adapters/hnsw/workers/native-addon.js';
import { withApp } from './context.js';
import { checkSegmenter } from '../app/mask-runtime.js';
import { calibrations, newEncoder } from '../app/model-runtime.js';
import { exitCodes } from './exit.js';
import { describeCalibration } from './models/calibrate.js';
import { isEqual } from '../adapters/hnsw/compare-generation.js';
import { describeComparison } from './index.command.js';
import { advice } from '../app/advice.js';
import { printJson, printLine } from './output.js';

interface Finding {
  readonly about: string;
  readonly state: 'ok' | 'note' | 'wrong';
  readonly message: string;
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('checks what can go wrong, and names the fix')
    .option('--json', 'print one JSON document')
    .action(async (_options, command: Command) => {
      const { data, json } = command.optsWithGlobals<{ data?: string; json?: boolean }>();
      const config = loadConfig({ data });
      const findings = await examine(config);
      if (json === true) printJson({ findings, config: printable(config) });
      else print(findings, config);
      if (findings.some(({ state }) => state === 'wrong')) process.exitCode = exitCodes.verificationFailed;
    });
}

async function examine(config: Config): Promise<readonly Finding[]> {
  const findings: Finding[] = [
    { about: 'Node', state: 'ok', message: process.version },
    await disk(config),
    compiled('vector search', nativeState().reason, 'hnswlib-node'),
    compiled('resize of images', resamplerState().reason, 'JavaScript'),
    ...(await segmenters(config)),
    ...(await configuredSegmenter(config)),
  ];
  try {
    // To look makes nothing.
    if (!Database.exists(config.data)) return [...findings, ...(await withoutCorpus(config))];
    await withApp(config, async (core) => {
      const { encoder, space } = core.get(ActiveModel).current;
      findings.push(...(await model(encoder, config)));
      const { articles, figures, panels } = await core.get(FigureReader).counts();
      const message = `${figures} figures with ${panels} panels, of ${articles} articles`;
      findings.push({ about: 'database', state: 'ok', message });
      findings.push(await vectors(space, config));
      findings.push(await coverage(core.get(FigureReader), encoder, config));
    });
  } catch (error) {
    findings.push({ about: 'start', state: 'wrong', message: messageOf(error) });
  }
  return findings;
}

async function withoutCorpus(config: Config): Promise<readonly Finding[]> {
  const encoder = await newEncoder(await new ModelRegistry(config.models).load(config.model ?? 'starter'), config);
  try {
    const message = `there is none in ${config.data} yet; ${advice('ingest FOLDER', config.data)} makes one`;
    return [...(await model(encoder, config)), { about: 'database', state: 'note', message }];
  } finally {
    await encoder.close();
  }
}

async function disk(config: Config): Promise<Finding> {
  const folder = await statfs(config.data).catch(() => statfs('.'));
  const gibibytes = (folder.bavail * folder.bsize) / 2 ** 30;
  const message = `${gibibytes.toFixed(1)} GiB free`;
  return gibibytes < 1
    ? { about: 'disk', state: 'wrong', message: `${message}; an ingest may fill it: make room` }
    : { about: 'disk', state: 'ok', message };
}

/** Their licenses bind whoever uses them: told again here. */
async function segmenters(config: Config): Promise<readonly Finding[]> {
  const packages = await new ModelRegistry(config.models).list();
  return packages
    .filter(({ kind }) => kind === 'segmenter')
    .map(({ name, license, warning }) => ({
      about: 'segmenter',
      state: 'note',
      message: `${name} (${license})${warning === null ? '' : `: ${warning}`}`,
    }));
}

/** What stops the start of a server. */
async function configuredSegmenter(config: Config): Promise<readonly Finding[]> {
  try {
    await checkSegmenter(config);
    return [];
  } catch (error) {
    return [{ about: 'segmenter', state: 'wrong', message: messageOf(error) }];
  }
}

/** @param reason why its addon is not used; null where it is @param instead what does its work then */
function compiled(about: string, reason: string | null, instead: string): Finding {
  if (reason === null) return { about, state: 'ok', message: 'compiled for this processor' };
  const message = `done by ${instead}, which is slower: the compiled addon is not used, ${reason}`;
  return { about, state: 'note', message };
}

async function model(encoder: OnnxEncoder, config: Config): Promise<readonly Finding[]> {
  await encoder.start();
  const { provider, failures } = encoder.status();
  const { name, warning } = encoder.model;
  const findings: Finding[] = [{ about: 'model', state: 'ok', message: `${name} on ${provider ?? 'nothing'}` }];
  const measured = await calibrations(config).read(encoder.model.version, config.providers);
  const message =
    measured === null
      ? `not measured on this machine: ${advice(`models calibrate ${name}`, config.data)}`
      : describeCalibration(measured);
  findings.push({ about: 'model', state: measured === null ? 'note' : 'ok', message });
  for (const failure of failures) {
    findings.push({ about: `provider ${failure.provider}`, state: 'note', message: `not used: ${failure.reason}` });
  }
  const fix = failures.some((failure) => failure.provider === 'cuda') ? suggestCudaFix(await diagnoseCuda()) : null;
  if (fix !== null) findings.push({ about: 'GPU', state: 'note', message: `there is one, and it is not used: ${fix}` });
  if (warning !== null) findings.push({ about: 'model', state: 'note', message: warning });
  if (name === 'starter')
    findings.push({
      about: 'model',
      state: 'note',
      message: `for real work: ${advice('models pull biomedclip', config.data)}, then ${advice('models use biomedclip', config.data)}`,
    });
  return findings;
}

async function vectors(space: VectorIndex, { data }: Config): Promise<Finding> {
  const { generation, indexed, delta, recall } = await space.status();
  const message = `generation ${generation ?? 'none'}, ${indexed} panels, ${delta} of them in the delta, recall@10 ${recall ?? 'not measured'}`;
  if (generation === null && indexed > 0) {
    return {
      about: 'vectors',
      state: 'note',
      message: `${message}; ${advice('index build', data)} makes a generation`,
    };
  }
  const wrong = ((await space.compare()) ?? []).find((comparison) => !isEqual(comparison));
  return wrong === undefined
    ? { about: 'vectors', state: 'ok', message }
    : { about: 'vectors', state: 'wrong', message: `${message}; ${wrong.kind}: ${describeComparison(wrong, data)}` };
}

async function coverage(figures: FigureReader, encoder: OnnxEncoder, { data }: Config): Promise<Finding> {
  const missing = await figures.countPanelsMissingEmbedding(encoder.model.version);
  return missing === 0
    ? { about: 'embeddings', state: 'ok', message: 'every panel is embedded by the active model' }
    : {
        about: 'embeddings',
        state: 'wrong',
        message: `${missing} panels are not embedded by ${encoder.model.name}; ${advice(`models use ${encoder.model.name}`, data)} embeds them`,
      };
}

function print(findings: readonly Finding[], config: Config): void {
  for (const { about, state, message } of findings) printLine(`${state.padEnd(5)} ${about}: ${message}`);
  printLine('configuration:');
  for (const [key, value] of Object.entries(printable(config))) printLine(`  ${key} = ${String(value)}`);
}
