/**
 * The inference child: the only file that imports onnxruntime-node. `run()` blocks its thread and the process aborts
 * when it ends during a run, so it lives in a process of its own that can be killed and started again.
 */
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import { messageOf } from '../domain/errors.js';
import type {
  Answer,
  ImagesWork,
  Loaded,
  LoadWork,
  ProviderFailure,
  ProviderName,
  Request,
  SupportWork,
  TextsWork,
  Work,
} from './messages.js';

interface Sessions {
  readonly image: InferenceSession;
  readonly text: InferenceSession;
  /** How to open the graph of support; it holds the image tower's weights once more, so only who asks pays for it. */
  readonly openSupport: () => Promise<InferenceSession>;
}

// A provider whose libraries are absent is a finding that we report, not an error to print.
env.logLevel = 'fatal';

let sessions: Sessions | null = null;
let support: Promise<InferenceSession> | null = null;

async function answer(work: Work): Promise<Answer> {
  switch (work.kind) {
    case 'load':
      return { kind: 'loaded', loaded: await load(work) };
    case 'images':
      return { kind: 'vectors', vectors: await embedImages(loadedSessions().image, work) };
    case 'texts':
      return { kind: 'vectors', vectors: await embedTexts(loadedSessions().text, work) };
    case 'support':
      support ??= loadedSessions().openSupport();
      return { kind: 'vectors', vectors: await supportOf(await support, work) };
  }
}

function loadedSessions(): Sessions {
  if (sessions === null) throw new Error('The model is not loaded');
  return sessions;
}

/** Takes the first provider that both graphs run on: one warm-up input each, so that a broken GPU shows itself now. */
async function load(work: LoadWork): Promise<Loaded> {
  const failures: ProviderFailure[] = [];
  for (const provider of work.providers) {
    const opened: InferenceSession[] = [];
    try {
      const options = optionsFor(provider, work.threads);
      const text = await InferenceSession.create(work.textGraph, options);
      opened.push(text);
      const image = await InferenceSession.create(work.imageGraph, options);
      opened.push(image);
      await warmUp({ image, text }, work.imageSize);
      sessions = { image, text, openSupport: () => openSupport(work.supportGraph, options) };
      return { provider, failures };
    } catch (error) {
      failures.push({ provider, reason: firstLine(messageOf(error)) });
      // Its weights would stay in the memory of a GPU that we do not use.
      await Promise.allSettled(opened.map((session) => session.release()));
    }
  }
  const reasons = failures.map(({ provider, reason }) => `${provider}: ${reason}`).join('; ');
  throw new Error(`No execution provider could load the model (${reasons})`);
}

function optionsFor(provider: ProviderName, threads: number): InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    ...(threads > 0 ? { intraOpNumThreads: threads } : {}),
  };
}

function openSupport(graph: string | null, options: InferenceSession.SessionOptions): Promise<InferenceSession> {
  if (graph === null) throw new Error('The model package has no support graph');
  return InferenceSession.create(graph, options);
}

async function warmUp({ image, text }: Omit<Sessions, 'openSupport'>, size: number): Promise<void> {
  const ids = Int32Array.of(1, 1);
  await embedTexts(text, { kind: 'texts', ids, mask: ids.slice(), count: 1, length: 2 });
  await embedImages(image, { kind: 'images', pixels: new Uint8Array(size * size * 3), count: 1, size });
}

async function embedImages(session: InferenceSession, work: ImagesWork): Promise<Float32Array> {
  const pixels = new Tensor('uint8', work.pixels, [work.count, work.size, work.size, 3]);
  return floatsOf(await session.run({ pixels }), 'embedding');
}

async function supportOf(session: InferenceSession, work: SupportWork): Promise<Float32Array> {
  const { count, size } = work;
  const pixels = new Tensor('uint8', work.pixels, [count, size, size, 3]);
  const direction = new Tensor('float32', work.directions, [count, work.directions.length / count]);
  return floatsOf(await session.run({ pixels, direction }), 'support');
}

async function embedTexts(session: InferenceSession, work: TextsWork): Promise<Float32Array> {
  const shape = [work.count, work.length];
  const outputs = await session.run({
    input_ids: new Tensor('int32', work.ids, shape),
    attention_mask: new Tensor('int32', work.mask, shape),
  });
  return floatsOf(outputs, 'embedding');
}

function floatsOf(outputs: InferenceSession.OnnxValueMapType, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`The graph has no float32 output named “${name}”`);
  return data;
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
