/**
 * A worker thread for the arithmetic around a segmenter: a spline over a picture, and a full-size mask with its outline.
 * Each takes up to a second at 1024 pixels, for which nobody else could be answered.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../domain/errors.js';
import type { Segmenter } from '../domain/segmenter.js';
import { ModelRegistry } from '../models/registry.js';
import { drawnOn } from './drawn.js';
import { statisticsFor } from './plausibility.js';
import { readMask } from './read-mask.js';
import type { ThreadData, ThreadReply, ThreadRequest } from './thread-messages.js';

const { modelsDir, name } = workerData as ThreadData;
const opened = new ModelRegistry(modelsDir).openSegmenter(name);
// A package that cannot be opened is told with the first request.
opened.catch(() => undefined);

function perform({ id, work }: ThreadRequest, model: Segmenter): ThreadReply {
  if (work.kind === 'prepare') return { id, input: model.preprocess(work.image) };
  const reading = readMask(work.raw, work.input, statisticsFor(model, work.prompt, null));
  return { id, drawn: drawnOn(work.box, reading) };
}

async function answer(request: ThreadRequest): Promise<ThreadReply> {
  try {
    return perform(request, await opened);
  } catch (error) {
    return { id: request.id, error: messageOf(error) };
  }
}

parentPort?.on('message', (request: ThreadRequest) => {
  void answer(request).then((reply) => parentPort?.postMessage(reply));
});
