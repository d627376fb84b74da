import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OnnxPanelDetector } from '../../src/adapters/onnx/onnx-panel-detector.js';
import { sha256 } from '../../src/domain/ids.js';
import type { PanelDetector } from '../../src/domain/panel-detector.js';
import type { RawImage } from '../../src/domain/raw-image.js';
import { decodeImage } from '../../src/imaging/decode.js';
import { selectDetections, type DetectedBox } from '../../src/imaging/panels/detected-boxes.js';
import { prepareImage } from '../../src/imaging/preprocess/preprocess.js';
import { importDabDetr } from '../../src/model-import/dab-detr/import-dab-detr.js';
import { ModelRegistry } from '../../src/model-packages/package-registry.js';
import { maxDifference } from './golden-cases.js';
import { repositorySet } from './golden-sets.js';

/** Boxes [left, top, right, bottom] in pixels, best first. */
interface Detections {
  readonly boxes: readonly (readonly number[])[];
  readonly scores: readonly number[];
}

interface Case {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  /** sha256 of what the processor makes of the image. */
  readonly pixels: string;
  /** [queries, labels] */
  readonly scores: readonly (readonly number[])[];
  /** [queries, 4] */
  readonly boxes: readonly (readonly number[])[];
  /** In a square of 480 pixels, and in the image. */
  readonly square: Detections;
  readonly found: Detections;
}

const options = { providers: ['cpu'], threads: 1, batch: 4, timeoutMs: 60_000, queue: 100 } as const;

describe.each(['dab-detr', 'dab-detr-resnet'] as const)('DAB-DETR against transformers (%s)', (family) => {
  const set = repositorySet(family);
  const { images } = JSON.parse(readFileSync(path.join(set.folder, 'cases.json'), 'utf8')) as {
    readonly images: readonly Case[];
  };
  const modelsDir = mkdtempSync(path.join(tmpdir(), 'golden-detectors-'));
  let model: PanelDetector;
  let client: OnnxPanelDetector;

  beforeAll(async () => {
    await importDabDetr(set.modelFolder(), { name: 'narrow', modelsDir });
    model = await new ModelRegistry(modelsDir).loadPanelDetector('narrow');
    client = new OnnxPanelDetector(model, options);
  });

  afterAll(async () => {
    await client.close();
    await rm(modelsDir, { recursive: true });
  });

  async function imageOf({ file }: Case): Promise<RawImage> {
    return (await decodeImage(readFileSync(path.join(set.folder, file)))).image;
  }

  it.each(images)('$file: has the pixels of the processor', async (one) => {
    expect(sha256(prepareImage(await imageOf(one), model.preparation))).toBe(one.pixels);
  });

  // The most that was seen: boxes 4.5e-4 pixels of 480, scores 1.4e-5.
  it('comes near the boxes and scores of every query, and of images in one run', async () => {
    const inputs = await Promise.all(images.map(async (one) => prepareImage(await imageOf(one), model.preparation)));
    const answers = await Promise.all(inputs.map((pixels) => client.detect(pixels)));
    answers.forEach(({ boxes, scores }, at) => {
      expect(480 * maxDifference(boxes, images[at]?.boxes.flat() ?? [])).toBeLessThan(0.02);
      expect(maxDifference(scores, images[at]?.scores.flat() ?? [])).toBeLessThan(1e-4);
    });
  });

  it.each(images)('$file: keeps the boxes that postprocessing and non-maximum suppression keep', async (one) => {
    const raw = await client.detect(prepareImage(await imageOf(one), model.preparation));
    const found = selectDetections(raw, model.limits);
    expect(farthest(found, one.square, [480, 480])).toBeLessThan(0.02);
    expect(farthest(found, one.found, [one.width, one.height])).toBeLessThan(0.05);
    expect(
      maxDifference(
        found.map(({ score }) => score),
        one.square.scores,
      ),
    ).toBeLessThan(1e-4);
  });
});

/** The most that an edge lies from its place, in pixels; infinite where the counts differ. */
function farthest(found: readonly DetectedBox[], { boxes }: Detections, [width = 0, height = 0]: readonly number[]) {
  const edges = found.map(({ left, top, right, bottom }) => [
    left * width,
    top * height,
    right * width,
    bottom * height,
  ]);
  return maxDifference(edges.flat(), boxes.flat());
}
