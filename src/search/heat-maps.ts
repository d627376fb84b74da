import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { FigseekError } from '../domain/errors.js';
import type { Box, Panel } from '../domain/figure.js';
import { heatPng } from '../imaging/heat-png.js';
import type { FigureStore } from '../ports/figure-store.js';
import { joinWindows, windowsOver, type HeatMap } from './heat-windows.js';
import type { PanelImages } from './panel-images.js';
import type { QueryEncoder } from './query-encoder.js';
import type { Term } from './search-request.js';
import type { Encoder } from '../ports/encoder.js';
import type { ImageFile, ImageReader } from '../ports/image-reader.js';
import type { Viewer } from '../domain/viewer.js';

const cacheBytes = 64 * 2 ** 20;
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
  private readonly cache = new LRUCache<string, Buffer>({
    maxSize: cacheBytes,
    sizeCalculation: ({ length }) => length,
  });
  private readonly pending = new Map<string, Promise<Buffer>>();
  private readonly waiting: (() => void)[] = [];
  private running = 0;

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
    const key = `${figure.imageHash} ${id}`;
    const made = this.cache.get(key);
    if (made !== undefined) return made;
    const running = this.pending.get(key) ?? this.makeInTurn(key, panel, texts).finally(() => this.pending.delete(key));
    this.pending.set(key, running);
    return running;
  }

  /** Makes a few at a time: the model takes their windows one after the other anyway. */
  private async makeInTurn(key: string, panel: Panel, texts: readonly WeightedText[]): Promise<Buffer> {
    if (this.waiting.length >= maxWaiting) {
      throw new FigseekError('RATE_LIMITED', `${maxWaiting} heat maps wait to be made; try again in a moment`);
    }
    if (this.running >= concurrency) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running++;
    try {
      return await this.make(key, panel, texts);
    } finally {
      // The next map that waits is started; where none waits, the place becomes free.
      const next = this.waiting.shift();
      if (next === undefined) this.running--;
      else next();
    }
  }

  private async make(key: string, panel: Panel, texts: readonly WeightedText[]): Promise<Buffer> {
    const direction = await this.computeDirection(texts);
    const png = await heatPng(await this.map(await this.images.panels.file(panel), panel.box, direction));
    this.cache.set(key, png);
    return png;
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
