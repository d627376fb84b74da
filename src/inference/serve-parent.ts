import { messageOf } from '../domain/errors.js';
import { answerParent } from './answer-parent.js';
import { LoadedEncoder } from './loaded-encoder.js';
import type { LoadedModel, OpenGraph } from './loaded-model.js';
import { LoadedSegmenter } from './loaded-segmenter.js';
import type { Answer, Loaded, LoadWork, ModelFiles, ProviderFailure, Work } from './messages.js';
import type { RunnableGraph } from './onnx-graph.js';
import { probe, type GraphOpener } from './probe.js';

/** Answers the parent's messages until it is gone: loads a model, then runs it. */
export function serveParent(open: GraphOpener): void {
  let model: LoadedModel | null = null;
  const answer = async (work: Work): Promise<Answer> => {
    if (work.kind === 'load') {
      const [loadedModel, loaded] = await load(work, open);
      model = loadedModel;
      return { kind: 'loaded', loaded };
    }
    if (model === null) throw new Error('The model is not loaded');
    return model.answer(work);
  };
  answerParent(answer, (error): Answer => ({ kind: 'failed', message: messageOf(error) }));
}

/** Takes the first provider that all graphs run on. */
async function load(
  { model: files, providers, threads, device }: LoadWork,
  open: GraphOpener,
): Promise<readonly [LoadedModel, Loaded]> {
  const failures: ProviderFailure[] = [];
  for (const provider of providers) {
    const opened: RunnableGraph[] = [];
    try {
      await probe(provider, providers.includes('cpu'), open, { threads, device });
      const model = await openModel(files, async (file, by) => {
        const graph = await open(file, by ?? provider, { threads, device });
        opened.push(graph);
        return graph;
      });
      await model.warmUp();
      return [model, { provider, failures }];
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
