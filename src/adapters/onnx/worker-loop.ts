import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, systemCodeOf } from '../../domain/errors.js';
import { cosine } from '../../domain/vector.js';
import { replyToParent } from './reply-to-parent.js';
import { EncoderSession } from './encoder-session.js';
import { DetectorSession } from './detector-session.js';
import type { ModelSession, OpenGraph } from './model-session.js';
import { SegmenterSession } from './segmenter-session.js';
import { GpuMemoryGuard } from './gpu-memory.js';
import type { Answer, LoadWork, ModelFiles, Work } from './messages.js';
import type { RunnableGraph } from './onnx-graph.js';
import { desktopProviders, probe, type GraphOpener } from './probe.js';
import type { ProviderName } from '../../domain/inference-status.js';

/** Cosine of the same answer by two providers, where one of them computes in half precision or in TF32. */
const minCosine = 0.99;

/** A model, by the provider that runs it. */
interface Opened {
  readonly model: ModelSession;
  readonly provider: ProviderName;
  readonly limit: GpuMemoryGuard | null;
  /** Of the warm-up. */
  readonly firstAnswers: readonly Float32Array[];
  /** Gives the memory of its graphs back. */
  release(): Promise<void>;
}

/** Answers the parent's messages until it is gone: loads a model, then runs it. */
export function runWorkerLoop(open: GraphOpener): void {
  let loaded: { readonly from: LoadWork; readonly opened: Opened } | null = null;
  const answer = async (work: Work): Promise<Answer> => {
    if (work.kind === 'load') {
      loaded = { from: work, opened: await load(work, open) };
      return { kind: 'loaded' };
    }
    if (loaded === null) throw new Error('The model is not loaded');
    const { from, opened } = loaded;
    await opened.limit?.beforeRun(work);
    const result = await opened.model.answer(work);
    const excess = (await opened.limit?.checkAfterRun(work)) ?? null;
    if (excess === null) return result;
    // ONNX Runtime gives memory back with its sessions only.
    loaded = null;
    await opened.release();
    loaded = { from, opened: await openBy(opened.provider, from, open) };
    // A single input cannot be halved, and its answer is good.
    if (!('count' in work) || work.count === 1) return result;
    throw new Error(excess);
  };
  replyToParent(answer, (error): Answer => ({ kind: 'failed', message: messageOf(error) }));
}

/** After a graph was opened, so that none of another package under the same name is used. */
async function refuseReplaced(folder: string, version: string): Promise<void> {
  const text = await readFile(path.join(folder, 'model.json'), 'utf8').catch((error: unknown) => {
    // An import tries its graphs out before it writes it, and what makes way for another package takes it along.
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return;
  const found = (JSON.parse(text) as { version: unknown }).version;
  if (found === version) return;
  const [expected, came] = [version.slice(0, 16), String(found).slice(0, 16)];
  throw new Error(
    `expected its version ${expected} but ${folder} holds ${came}, put in its place meanwhile: start figseek again, or “npx figseek models use” it`,
  );
}

/** @throws {Error} why the provider is not to be used, in one line */
async function load(work: LoadWork, open: GraphOpener): Promise<Opened> {
  const { provider, isBeforeCpu, isProven, threads, device } = work;
  try {
    await probe(provider, isBeforeCpu, open, { threads, device });
    const opened = await openBy(provider, work, open);
    if (!isProven) await compareWithCpu(opened, work, open);
    return opened;
  } catch (error) {
    throw new Error(firstLine(messageOf(error)), { cause: error });
  }
}

/** @throws {Error} the model gives other answers by this provider; it is released then */
async function compareWithCpu(opened: Opened, work: LoadWork, open: GraphOpener): Promise<void> {
  if (!desktopProviders.includes(opened.provider)) return;
  let onCpu: Opened;
  try {
    onCpu = await openBy('cpu', work, open);
  } catch (error) {
    const reason = firstLine(messageOf(error));
    console.error(`The answers by ${opened.provider} are taken on trust, as the CPU cannot run the model: ${reason}`);
    return;
  }
  await onCpu.release();
  const cosines = opened.firstAnswers.map((answer, i) => cosine(answer, onCpu.firstAnswers[i] ?? new Float32Array()));
  // As it is written, a NaN is too little.
  if (cosines.every((value) => value >= minCosine)) return;
  await opened.release();
  throw new Error(`the model gives other answers than on the CPU (cosine ${Math.min(...cosines).toFixed(3)})`);
}

async function openBy(
  provider: ProviderName,
  { model: files, threads, device, gpuMemory }: LoadWork,
  open: GraphOpener,
): Promise<Opened> {
  const limit = await GpuMemoryGuard.begin(provider, gpuMemory, device);
  const graphs: RunnableGraph[] = [];
  const release = async (): Promise<void> => {
    await Promise.allSettled(graphs.map((graph) => graph.release()));
  };
  try {
    const model = await openModel(files, async (file, by) => {
      const graph = await open(file, by ?? provider, { threads, device });
      graphs.push(graph);
      await refuseReplaced(path.dirname(file), files.version);
      return graph;
    });
    const firstAnswers = await model.warmUp();
    await limit?.check();
    return { model, provider, limit, firstAnswers, release };
  } catch (error) {
    // Its weights would stay in the memory of a GPU that we do not use.
    await release();
    throw error;
  }
}

function openModel(files: ModelFiles, open: OpenGraph): Promise<ModelSession> {
  switch (files.kind) {
    case 'dual-encoder':
      return EncoderSession.open(files, open);
    case 'segmenter':
      return SegmenterSession.open(files, open);
    case 'panel-detector':
      return DetectorSession.open(files, open);
  }
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}
