import { beforeEach, describe, expect, it } from '@jest/globals';
import { drawnFigure } from '../../test/support/drawn-figures.js';
import { detectedObject, detectionRecord } from '../../test/support/drawn-masks.js';
import { MemoryDetectionStore } from '../../test/support/memory-detection-store.js';
import { FigseekError } from '../domain/errors.js';
import type { Panel } from '../domain/figure.js';
import { panelIdOf } from '../domain/ids.js';
import type { Mask } from '../domain/mask.js';
import type { BestPanels } from './choose-panels.js';
import type { Detection } from './detection-service.js';
import type { DetectionRequest } from './detection-generator.js';
import { FigureMasks, type FigureWithPanels } from './figure-masks.js';
import type { MaskRequest } from './mask-generator.js';
import { placeUnmadeMask } from './place-mask.js';
import type { MaskTarget } from './scheduling/mask-jobs.js';
import { localOperator } from '../domain/viewer.js';

const { figure } = drawnFigure(1);
const [whole, a, b] = [0, 1, 2].map(panelOf) as [Panel, Panel, Panel];
const compound: FigureWithPanels = { figure, panels: [whole, a, b] };
const waiting = { waitMs: 10, signal: new AbortController().signal };

function panelOf(ordinal: number): Panel {
  const box = { x: ordinal, y: 0, width: 1, height: 1 };
  return { id: panelIdOf(figure.id, ordinal), figureId: figure.id, label: null, caption: null, box };
}

/** Takes panel B for the texts that name it, else the whole figure. */
const bestPanels: BestPanels = {
  select: (_panels, texts) => Promise.resolve(texts.map((text) => (text.includes('b') ? b : whole))),
};

describe('masks of figures', () => {
  let masks: MaskRequest[];
  let detections: DetectionRequest[];
  let jobs: { readonly targets: readonly MaskTarget[]; readonly prompts: readonly string[] }[];
  let detected: Detection;
  let figureMasks: FigureMasks;

  beforeEach(() => {
    [masks, detections, jobs] = [[], [], []];
    detected = { imageType: 'CT-Chest', outcome: null };
    figureMasks = new FigureMasks(
      { request: requestMask },
      { request: detect },
      { request: requestJob },
      () => bestPanels,
    );
  });

  function requestMask(request: MaskRequest): Promise<Mask> {
    masks.push(request);
    const { prompt, imageType } = request;
    const mask = { hash: 'hash', model: 'fake', prompt: prompt.toLowerCase(), imageType };
    return Promise.resolve(placeUnmadeMask(request.panel, mask, null));
  }

  function detect(request: DetectionRequest): Promise<Detection> {
    detections.push(request);
    return Promise.resolve(detected);
  }

  function requestJob(targets: readonly MaskTarget[], prompts: readonly string[]) {
    jobs.push({ targets, prompts });
    return Promise.resolve({ id: 'mjb_1', masks: [] });
  }

  it('are of the panel that fits the prompt best, and have the prompt as it was written', async () => {
    const mask = await figureMasks.requestMask(
      localOperator,
      compound,
      { prompt: ' Bone ', panelId: null, imageType: null },
      waiting,
    );
    expect(mask).toMatchObject({ panelId: b.id, prompt: 'Bone' });
    expect(masks).toEqual([{ panel: b, figure, prompt: ' Bone ', imageType: null }]);
  });

  it('are of the panel that is named', async () => {
    const request = { prompt: 'bone', panelId: a.id, imageType: 'CT' };
    expect(await figureMasks.requestMask(localOperator, compound, request, waiting)).toMatchObject({
      panelId: a.id,
      imageType: 'CT',
    });
  });

  it('are refused for a panel of another figure, for no prompt, and for a figure without panels', async () => {
    const request = { prompt: 'bone', panelId: null, imageType: null };
    const refused = async (target: FigureWithPanels, change: Partial<typeof request> | { panelId: string }) => {
      const refusal = figureMasks.requestMask(localOperator, target, { ...request, ...change }, waiting);
      return refusal.catch((error: unknown) => (error instanceof FigseekError ? error.code : error));
    };
    expect(await refused(compound, { panelId: 'pan_0_0' })).toBe('BAD_USER_INPUT');
    expect(await refused(compound, { prompt: ' ' })).toBe('BAD_USER_INPUT');
    const noPanels: BestPanels = { select: () => Promise.resolve([]) };
    figureMasks = new FigureMasks(
      { request: requestMask },
      { request: detect },
      { request: requestJob },
      () => noPanels,
    );
    expect(await refused({ figure, panels: [] }, {})).toBe('NOT_FOUND');
    expect(masks).toEqual([]);
  });

  it('are detected in the panel that fits the image type best, from a p-value of 0.05', async () => {
    const request = { imageType: 'Breast-MRI', panelId: null, minPValue: null };
    const pending = await figureMasks.detectObjects(localOperator, compound, request, waiting);
    expect(pending).toEqual({ panel: b, imageType: 'CT-Chest', outcome: null });
    await figureMasks.detectObjects(localOperator, compound, { ...request, panelId: a.id, minPValue: 0 }, waiting);
    expect(detections).toEqual([
      { panel: b, figure, imageType: 'Breast-MRI', minPValue: 0.05 },
      { panel: a, figure, imageType: 'Breast-MRI', minPValue: 0 },
    ]);
  });

  it('are placed on the panel in which they were detected', async () => {
    detected = await new MemoryDetectionStore().saveDrawn(detectionRecord('CT-Chest'), [detectedObject('lung', 0.5)]);
    const request = { imageType: 'CT-Chest', panelId: a.id, minPValue: null };
    expect(await figureMasks.detectObjects(localOperator, compound, request, waiting)).toMatchObject({
      outcome: { status: 'READY', masks: [{ prompt: 'lung', panelId: a.id, isDetected: true }] },
    });
  });

  it('are requested of each figure once in a job, each prompt in the panel that fits it best', async () => {
    const read: string[] = [];
    const readFigure = (id: string) => {
      read.push(id);
      return Promise.resolve(compound);
    };
    const request = { figureIds: ['fig_1', 'fig_2', 'fig_1'], prompts: ['bone', 'lung'], imageType: null };
    expect(await figureMasks.requestJob(localOperator, request, readFigure)).toEqual({ id: 'mjb_1', masks: [] });
    expect(read).toEqual(['fig_1', 'fig_2']);
    const [job] = jobs;
    expect([job?.targets.length, job?.prompts]).toEqual([2, ['bone', 'lung']]);
    expect(await job?.targets[0]?.panelsFor(['bone', 'lung'])).toEqual([b, whole]);
  });

  it('are refused in a job of more than 1000 figures, before any is read', async () => {
    const figureIds = Array.from({ length: 1001 }, (_, i) => `fig_${i}`);
    const readFigure = () => Promise.reject(new Error('Expected no figure to be read'));
    await expect(
      figureMasks.requestJob(localOperator, { figureIds, prompts: ['lung'], imageType: null }, readFigure),
    ).rejects.toMatchObject({ code: 'BAD_USER_INPUT', message: 'Expected at most 1000 figures but received 1001' });
  });
});
