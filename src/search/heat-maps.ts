import { z } from 'zod';
import { FigseekError } from '../domain/errors.js';
import type { Box, Panel } from '../domain/figure.js';
import { heatPng } from '../imaging/heat-png.js';
import { RenderedImages } from '../platform/rendered-images.js';
import type { FigureStore } from '../ports/figure-store.js';
import { joinWindows, windowsOver, type HeatMap } from './heat-windows.js';
import type { PanelImages } from './panel-images.js';
import type { QueryEncoder } from './query-encoder.js';
import type { Term } from './search-request.js';
import type { Encoder } from '../ports/encoder.js';
import type { ImageFile, ImageReader } from '../ports/image-reader.js';
import type { Viewer } from '../domain/viewer.js';

const concurrency = 2;
const maxWaiting = 100;
/** A server answers request lines up to 16 KiB. */
const maxIdLength = 8000;

const weightedText = z.tuple([z.string().min(1).max(4096), z.number().min(-100).max(100)]);
type WeightedText = z.infer<typeof weightedText>;
const reference = z.tuple([z.string().max(100), z.array(weightedText).min(1).max(16)]);

/** Where panels, their image files and their pixels are read. */
export interface HeatMapImages {
  readonly figures: FigureStore;
  readonly panels: PanelImages;
  readonly reader: Pick<ImageReader, 'readWindows'>;
}

/** Heat maps: PNGs to lay over an image that show where the texts of a query find support, made on demand and cached. */
export class HeatMaps {
  /** A few at a time: the model takes their windows one after the other anyway. */
  private readonly rendered = new RenderedImages({
    concurrency,
    maxPending: concurrency + maxWaiting,
    refusal: `${maxWaiting} heat maps wait to be made; try again in a moment`,
  });

  constructor(
    private readonly encoder: Encoder,
    private readonly queries: Pick<QueryEncoder, 'encodeTexts'>,
    private readonly images: HeatMapImages,
  ) {}

  /**
   * The id of a map. It holds the question itself: it stays good while its panel exists, also over a restart.
   * @returns null where no term is a text, or where they are too long for an address
   */
  idOf(panelId: string, terms: readonly Term[]): string | null {
    if (this.encoder.model.support === null) return null;
    const texts = terms.flatMap((term) => (term.kind === 'text' && term.text !== '' ? [[term.text, term.weight]] : []));
    const id = Buffer.from(JSON.stringify([panelId, texts])).toString('base64url');
    return texts.length === 0 || id.length > maxIdLength ? null : id;
  }

  /**
   * A PNG with alpha, of the panel's shape.
   * @throws {FigseekError} NOT_FOUND for what is no id, or names a panel that is gone; MODEL_UNAVAILABLE
   */
  async png(_viewer: Viewer, id: string): Promise<Buffer> {
    if (this.encoder.model.support === null) {
      throw new FigseekError('MODEL_UNAVAILABLE', `The model ${this.encoder.model.name} makes no heat maps`);
    }
    const [panelId, texts] = parseReference(id);
    const panel = await this.images.figures.panel(panelId);
    const figure = panel && (await this.images.figures.figure(panel.figureId));
    if (panel === null || figure === null) throw new FigseekError('NOT_FOUND', `There is no panel ${panelId}`);
    // The figure may get another image.
    return this.rendered.get(`${figure.imageHash} ${id}`, () => this.render(panel, texts));
  }

  private async render(panel: Panel, texts: readonly WeightedText[]): Promise<Buffer> {
    const direction = await this.computeDirection(texts);
    return heatPng(await this.map(await this.images.panels.file(panel), panel.box, direction));
  }

  private async computeDirection(texts: readonly WeightedText[]): Promise<Float32Array> {
    const vectors = await this.queries.encodeTexts(texts.map(([text]) => text));
    const sum = new Float32Array(this.encoder.model.dimensions);
    for (const [i, [, weight]] of texts.entries()) {
      vectors[i]?.forEach((value, at) => (sum[at] = (sum[at] ?? 0) + weight * value));
    }
    return sum;
  }

  /**
   * @param box the part of the image, in pixels
   * @param direction float32 [dimensions], any length
   * @throws {FigseekError} UNSUPPORTED_MEDIA for a strip that is too long
   */
  async map(image: ImageFile, box: Box, direction: Float32Array): Promise<HeatMap> {
    const { support, preparation } = this.encoder.model;
    const grid = support?.grid ?? 0;
    const { width, height } = box;
    const windows = windowsOver(width, height, grid);
    if (windows.length === 0) {
      throw new FigseekError(
        'UNSUPPORTED_MEDIA',
        `An image of ${width} × ${height} is too long a strip for a heat map`,
      );
    }
    const pixels = await this.images.reader.readWindows(image, box, windows, preparation);
    const values = await this.encoder.support(pixels, direction);
    const answered = windows.map((window, i) => ({ ...window, values: values[i] ?? new Float32Array(0) }));
    return joinWindows(width, height, grid, answered);
  }
}

function parseReference(id: string): z.infer<typeof reference> {
  try {
    return reference.parse(JSON.parse(Buffer.from(id, 'base64url').toString('utf8')));
  } catch {
    throw new FigseekError('NOT_FOUND', 'There is no such heat map; take the address from `heatmapUrl` of a hit');
  }
}
