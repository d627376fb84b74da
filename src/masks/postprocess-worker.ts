/**
 * A worker thread for the arithmetic after a segmenter: a full-size mask with its outline. It takes up to a second at 1024
 * pixels, for which nobody else could be answered.
 */
import { workerData } from 'node:worker_threads';
import type { DetectedObject } from '../domain/detection.js';
import type { MaskStatistics, Segmenter } from '../domain/segmenter.js';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { placeOnPanel } from './place-on-panel.js';
import { statisticsFor } from './statistics/plausibility.js';
import { postprocessMask } from './postprocess-mask.js';
import { postprocessDetections } from './postprocess-detections.js';
import { runTaskLoop, type TaskResult } from '../platform/task-messages.js';
import type { DrawingResult, DrawingWork, RecogniseWork, ThreadData } from './thread-messages.js';

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

runTaskLoop(async (work: DrawingWork): Promise<TaskResult<DrawingResult>> => {
  const model = await open();
  switch (work.kind) {
    case 'read': {
      const reading = postprocessMask(work.raw, work.input, statisticsFor(model, work.prompt, work.imageType));
      return { result: { drawn: placeOnPanel(work.box, reading) }, transfer: [] };
    }
    case 'recognise':
      return { result: { recognised: recognise(model, work) }, transfer: [] };
  }
});

function recognise(
  model: Segmenter,
  { answers, input, imageType, minPValue, box }: RecogniseWork,
): readonly DetectedObject[] {
  const known = answers.map((answer) => ({
    ...answer,
    statistics: statisticsOfObject(model, answer.prompt, imageType),
  }));
  return postprocessDetections(known, input, minPValue).map(({ prompt, reading }) => ({
    prompt,
    drawn: placeOnPanel(box, reading),
  }));
}

function statisticsOfObject(model: Segmenter, prompt: string, imageType: string): MaskStatistics {
  const statistics = statisticsFor(model, prompt, imageType);
  if (statistics === null) throw new Error(`${model.name} has statistics for ${prompt} in ${imageType}`);
  return statistics;
}
