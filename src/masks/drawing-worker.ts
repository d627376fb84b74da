/**
 * A worker thread for the arithmetic around a segmenter: a spline over a picture, and a full-size mask with its outline.
 * Each takes up to a second at 1024 pixels, for which nobody else could be answered.
 */
import { workerData } from 'node:worker_threads';
import type { Segmenter } from '../domain/segmenter.js';
import { ModelRegistry } from '../models/registry.js';
import { drawnOn } from './drawn.js';
import { statisticsFor } from './plausibility.js';
import { readMask } from './read-mask.js';
import { serveTasks, type Finished } from './task-messages.js';
import type { DrawingResult, DrawingWork, ThreadData } from './thread-messages.js';

const { modelsDir, name } = workerData as ThreadData;
let opened: Promise<Segmenter> | null = null;

/** What cannot be opened is tried again with the next task. */
function open(): Promise<Segmenter> {
  opened ??= new ModelRegistry(modelsDir).openSegmenter(name).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

serveTasks(async (work: DrawingWork): Promise<Finished<DrawingResult>> => {
  const model = await open();
  if (work.kind === 'prepare') {
    const input = model.preprocess(work.image);
    return { result: { input }, transfer: [input.pixels.buffer as ArrayBuffer] };
  }
  const reading = readMask(work.raw, work.input, statisticsFor(model, work.prompt, work.imageType));
  return { result: { drawn: drawnOn(work.box, reading) }, transfer: [] };
});
