import type { Figure, Panel } from '../../src/domain/figure.js';
import { figureIdOf, panelIdOf, type ImageHash } from '../../src/domain/ids.js';
import type { Mask } from '../../src/domain/mask.js';
import { Masks } from '../../src/masks/masks.js';
import { MaskJobs, type MaskJob, type MaskTarget } from '../../src/masks/scheduling/mask-jobs.js';
import { MaskScheduler } from '../../src/masks/scheduling/mask-scheduler.js';
import { drawnFigure } from './drawn-figures.js';
import { drawnBox } from './drawn-masks.js';
import { FakeMaskGenerator } from './fake-mask-generator.js';
import { MemoryFigureStore } from './memory-figure-store.js';
import { MemoryMaskStore } from './memory-mask-store.js';

/** Figures 0, 1 and 2 in memory, and requests for masks of them. */
class MaskRequests {
  readonly figures = new MemoryFigureStore();

  constructor() {
    for (const number of [0, 1, 2]) this.addFigure(number);
  }

  /** Adds or replaces a figure. @param image what its image is made of */
  addFigure(number: number, image = `image ${number}`): void {
    this.figures.add({ ...figureOf(number), imageHash: image as ImageHash }, [panelOf(number)]);
  }

  /** Removes the panel of a figure, and leaves the figure. */
  removePanel(number: number): void {
    this.figures.add(figureOf(number), []);
  }

  /** A failure is not unhandled where a test looks at it later. */
  requestMask(masks: Masks, number: number, prompt: string, { waitMs = 60_000, signal }: Waiting = {}): Promise<Mask> {
    const target = { figure: figureOf(number), panel: panelOf(number) };
    const requested = masks.request({ ...target, prompt, imageType: null }, waitMs, signal);
    requested.catch(() => undefined);
    return requested;
  }

  requestJob(jobs: MaskJobs, number: number, prompts: readonly string[]): Promise<MaskJob> {
    return jobs.request([this.toTarget(number)], prompts, null);
  }

  /** A figure as a job takes it. */
  toTarget(number: number): MaskTarget {
    const panelsFor = (texts: readonly string[]) => Promise.resolve(texts.map(() => panelOf(number)));
    return { figure: figureOf(number), panelsFor };
  }
}

interface Waiting {
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

function figureOf(number: number): Figure {
  return { ...drawnFigure(number).figure, imageHash: `image ${number}` as ImageHash };
}

function panelOf(number: number): Panel {
  const figureId = figureIdOf(`figure-${number}`);
  return { id: panelIdOf(figureId, 0), figureId, label: null, caption: null, box: drawnBox };
}

/** The making of masks and jobs over figures in memory; `generator` makes a mask when it is told to. */
export function masksInMemory() {
  const generator = new FakeMaskGenerator();
  const store = new MemoryMaskStore();
  const requests = new MaskRequests();
  const masks = new Masks(generator, store, requests.figures, new MaskScheduler());
  return { generator, store, requests, masks, jobs: new MaskJobs(masks) };
}

/** Prompts with different names. */
export function numberedPrompts(count: number, name = 'p'): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${name}${i}`);
}
