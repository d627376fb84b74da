import { FigseekError } from '../domain/errors.js';
import type { Figure, Panel } from '../domain/figure.js';
import { validatePrompt, writtenPrompt, type Mask } from '../domain/mask.js';
import { choosePanels, type BestPanels } from './choose-panels.js';
import type { Detection, DetectionService } from './detection-service.js';
import type { Masks } from './masks.js';
import { placeMask } from './place-mask.js';
import type { MaskJob, MaskJobs } from './scheduling/mask-jobs.js';
import { significanceLevel, typeName } from './statistics/plausibility.js';
import type { Viewer } from '../domain/viewer.js';

/** Each of them is read before a job begins. */
const maxFigures = 1000;

/** A figure and all of its panels as they are now, the whole figure first. */
export interface FigureWithPanels {
  readonly figure: Pick<Figure, 'id' | 'imageHash' | 'modality'>;
  readonly panels: readonly Panel[];
}

export interface FigureMaskRequest {
  /** As a person wrote it. */
  readonly prompt: string;
  /** Null: the panel whose image fits the prompt best. */
  readonly panelId: string | null;
  /** Null: the figure's modality and the prompt decide. */
  readonly imageType: string | null;
}

export interface FigureDetectionRequest {
  readonly imageType: string;
  /** Null: the panel whose image fits the image type best. */
  readonly panelId: string | null;
  /** 0..1; null for 0.05, below which an object is probably not in the image. */
  readonly minPValue: number | null;
}

export interface MaskJobRequest {
  readonly figureIds: readonly string[];
  readonly prompts: readonly string[];
  readonly imageType: string | null;
}

/** How long a client waits. */
export interface Waiting {
  /** Milliseconds. */
  readonly waitMs: number;
  /** Aborted when the client does not wait any more. */
  readonly signal: AbortSignal;
}

/** Objects of an image type in a panel, with their masks on it. */
export interface FigureDetection {
  readonly panel: Panel;
  /** As the segmenter names it. */
  readonly imageType: string;
  /** Null while it is being made. */
  readonly outcome:
    | { readonly status: 'READY'; readonly masks: readonly Mask[] }
    | Extract<Detection['outcome'], { readonly status: 'FAILED' }>
    | null;
}

/**
 * Masks and detections of figures: chooses the panel and requests the work.
 *
 * All methods throw a FigseekError: BAD_USER_INPUT, NOT_FOUND for a figure without panels, RATE_LIMITED, TIMEOUT, and
 * MODEL_UNAVAILABLE where there is no segmenter.
 */
export class FigureMasks {
  /** @param bestPanels gives the panel choice of the active model */
  constructor(
    private readonly masks: Pick<Masks, 'request'>,
    private readonly detections: Pick<DetectionService, 'request'>,
    private readonly jobs: Pick<MaskJobs, 'request'>,
    private readonly bestPanels: () => BestPanels,
  ) {}

  /** A mask, or what is known of it after the wait. Its prompt is spelled as in the request. */
  async requestMask(
    _viewer: Viewer,
    target: FigureWithPanels,
    { prompt, panelId, imageType }: FigureMaskRequest,
    { waitMs, signal }: Waiting,
  ): Promise<Mask> {
    const panel = await this.choosePanel(target, prompt, panelId);
    const request = { panel, figure: target.figure, prompt, imageType };
    const mask = await this.masks.request(request, waitMs, signal);
    return { ...mask, prompt: writtenPrompt(prompt) };
  }

  /** All objects of an image type in a panel, or what is known of them after the wait. */
  async detectObjects(
    _viewer: Viewer,
    target: FigureWithPanels,
    { imageType, panelId, minPValue }: FigureDetectionRequest,
    { waitMs, signal }: Waiting,
  ): Promise<FigureDetection> {
    const panel = await this.choosePanel(target, typeName(imageType), panelId);
    const request = { panel, figure: target.figure, imageType, minPValue: minPValue ?? significanceLevel };
    const { outcome, ...detection } = await this.detections.request(request, waitMs, signal);
    if (outcome?.status !== 'READY') return { ...detection, panel, outcome };
    const masks = outcome.masks.map((mask) => placeMask(panel, mask));
    return { ...detection, panel, outcome: { status: outcome.status, masks } };
  }

  /**
   * Begins a mask for each figure and prompt in the background. A figure that is named twice counts once.
   * @param readFigure reads a figure by its id; throws NOT_FOUND where it does not exist
   */
  async requestJob(
    _viewer: Viewer,
    { figureIds, prompts, imageType }: MaskJobRequest,
    readFigure: (id: string) => Promise<FigureWithPanels>,
  ): Promise<MaskJob> {
    const ids = [...new Set(figureIds)];
    if (ids.length > maxFigures) {
      throw new FigseekError('BAD_USER_INPUT', `Expected at most ${maxFigures} figures but received ${ids.length}`);
    }
    const bestPanels = this.bestPanels();
    const figures = await Promise.all(ids.map(readFigure));
    const targets = figures.map(({ figure, panels }) => ({
      figure,
      panelsFor: (texts: readonly string[]) => choosePanels(panels, texts, null, bestPanels),
    }));
    return this.jobs.request(targets, prompts, imageType);
  }

  /** The panel that is named, else the one whose image fits the text best. The text has to be a valid prompt then. */
  private async choosePanel(
    { figure, panels }: FigureWithPanels,
    text: string,
    panelId: string | null,
  ): Promise<Panel> {
    const prompt = panelId === null ? validatePrompt(text) : text;
    const [panel] = await choosePanels(panels, [prompt], panelId, this.bestPanels());
    if (panel === undefined) throw new FigseekError('NOT_FOUND', `The figure ${figure.id} has no panels`);
    return panel;
  }
}
