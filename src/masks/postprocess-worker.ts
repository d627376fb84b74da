/**
 * A worker thread that reads the outputs of a segmenter: masks at full size with their outlines. One of them takes up to a
 * second at 1024 pixels, during which the main thread could answer no other request.
 */
import { workerData } from 'node:worker_threads';
import type { DetectedObject } from '../domain/detection.js';
import type { MaskStatistics, Segmenter } from '../domain/segmenter.js';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { runTaskLoop, type TaskResult } from '../platform/task-messages.js';
import { placeOnPanel } from './place-on-panel.js';
import { postprocessDetections } from './postprocess-detections.js';
import { postprocessMask } from './postprocess-mask.js';
import { statisticsFor } from './statistics/plausibility.js';
import type { DetectionWork, PostprocessResult, PostprocessWork, ThreadData } from './thread-messages.js';

const { modelsDir, name } = workerData as ThreadData;
let opened: Promise<Segmenter> | null = null;

/** After a failure the next task tries again. */
function open(): Promise<Segmenter> {
  opened ??= new ModelRegistry(modelsDir).openSegmenter(name).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

runTaskLoop(async (work: PostprocessWork): Promise<TaskResult<PostprocessResult>> => {
  const model = await open();
  switch (work.kind) {
    case 'mask': {
      const prediction = postprocessMask(work.raw, work.input, statisticsFor(model, work.prompt, work.imageType));
      return { result: { mask: placeOnPanel(work.box, prediction) }, transfer: [] };
    }
    case 'detections':
      return { result: { objects: readObjects(model, work) }, transfer: [] };
  }
});

function readObjects(
  model: Segmenter,
  { answers, input, imageType, minPValue, box }: DetectionWork,
): readonly DetectedObject[] {
  const withStatistics = answers.map((answer) => ({
    ...answer,
    statistics: expectStatistics(model, answer.prompt, imageType),
  }));
  return postprocessDetections(withStatistics, input, minPValue).map(({ prompt, prediction }) => ({
    prompt,
    drawn: placeOnPanel(box, prediction),
  }));
}

function expectStatistics(model: Segmenter, prompt: string, imageType: string): MaskStatistics {
  const statistics = statisticsFor(model, prompt, imageType);
  if (statistics !== null) return statistics;
  throw new Error(`Expected ${model.name} to have statistics for ${prompt} in ${imageType}`);
}
