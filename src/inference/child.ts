/**
 * The inference child. `run()` of onnxruntime-node blocks its thread and the process aborts when it ends during a run,
 * so it lives in a process of its own that can be killed and started again.
 */
import { messageOf } from '../domain/errors.js';
import { LoadedEncoder } from './loaded-encoder.js';
import type { LoadedModel, OpenGraph } from './loaded-model.js';
import { LoadedSegmenter } from './loaded-segmenter.js';
import type { Answer, Loaded, LoadWork, ModelFiles, ProviderFailure, Request, Work } from './messages.js';
import { OnnxGraph } from './onnx-graph.js';

let model: LoadedModel | null = null;

async function answer(work: Work): Promise<Answer> {
  if (work.kind === 'load') return { kind: 'loaded', loaded: await load(work) };
  if (model === null) throw new Error('The model is not loaded');
  return model.answer(work);
}

/** Takes the first provider that all graphs run on. */
async function load({ model: files, providers, threads }: LoadWork): Promise<Loaded> {
  const failures: ProviderFailure[] = [];
  for (const provider of providers) {
    const opened: OnnxGraph[] = [];
    try {
      const opening = await openModel(files, async (file) => {
        const graph = await OnnxGraph.open(file, provider, threads);
        opened.push(graph);
        return graph;
      });
      await opening.warmUp();
      model = opening;
      return { provider, failures };
    } catch (error) {
      failures.push({ provider, reason: firstLine(messageOf(error)) });
      // Its weights would stay in the memory of a GPU that we do not use.
      await Promise.allSettled(opened.map((graph) => graph.release()));
    }
  }
  const reasons = failures.map(({ provider, reason }) => `${provider}: ${reason}`).join('; ');
  throw new Error(`No execution provider could load the model (${reasons})`);
}

function openModel(files: ModelFiles, open: OpenGraph): Promise<LoadedModel> {
  return files.kind === 'dual-encoder' ? LoadedEncoder.open(files, open) : LoadedSegmenter.open(files, open);
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}

// One request at a time: the parent sends the next batch when this one is answered.
process.on('message', (request: Request) => {
  void answer(request.work)
    .catch((error: unknown): Answer => ({ kind: 'failed', message: messageOf(error) }))
    .then((reply) => process.send?.({ id: request.id, answer: reply }));
});

// The parent is gone (also by kill -9): nobody waits for an answer any more.
process.on('disconnect', () => process.exit(0));
