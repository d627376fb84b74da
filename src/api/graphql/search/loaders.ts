import DataLoader from 'dataloader';
import { unknownFigure } from '../../../domain/errors.js';
import type { Collection } from '../../../domain/collection.js';
import type { Article } from '../../../domain/article.js';
import type { Figure, Panel } from '../../../domain/figure.js';
import type { PanelClass } from '../../../domain/panel-class.js';
import type { FigureId } from '../../../domain/ids.js';
import type { StoredHit } from '../../../domain/stored-hit.js';
import type { Mask, MaskShape } from '../../../domain/mask.js';
import type { StoredMask } from '../../../domain/stored-mask.js';
import type { JobMask, MaskJob } from '../../../masks/scheduling/mask-jobs.js';
import type { IngestRun } from '../../../domain/ingest-run.js';
import type { Viewer } from '../../../domain/viewer.js';
import { placeJobMask } from '../../../masks/scheduling/place-job-mask.js';
import type { CorpusSources, MaskSources } from './loader-sources.js';

/** One query a kind for all figures, panels and articles of a request, however many fields ask for them. */
export class Loaders {
  readonly figure: DataLoader<string, Figure | null>;
  readonly panel: DataLoader<string, Panel | null>;
  readonly panelClass: DataLoader<string, PanelClass | null>;
  readonly article: DataLoader<string, Article | null>;
  readonly panelsOfFigure: DataLoader<string, readonly Panel[]>;
  readonly collection: DataLoader<string, Collection | null>;
  readonly collectionsOfFigure: DataLoader<string, readonly Collection[]>;

  readonly isHidden: DataLoader<string, boolean>;

  readonly mask: DataLoader<string, Mask | null>;
  readonly maskJob: DataLoader<string, MaskJob | null>;
  readonly maskShape: DataLoader<string, MaskShape | null>;
  readonly masksOfFigure: DataLoader<string, readonly Mask[]>;
  readonly ingestRun: DataLoader<string, IngestRun | null>;
  private readonly storedMask: DataLoader<string, StoredMask | null>;

  /** @param signal aborted: nothing more is read */
  constructor(
    { corpus, collections, history, review, maskReader, masks, maskJobs }: CorpusSources & MaskSources,
    viewer: Viewer,
    private readonly signal: AbortSignal,
  ) {
    this.figure = this.loaderById((ids) => corpus.figures(viewer, ids));
    this.panel = this.loaderById((ids) => corpus.panels(viewer, ids));
    this.panelClass = this.loaderById((ids) => corpus.panelClasses(viewer, ids));
    this.article = this.loaderById((ids) => corpus.articles(viewer, ids));
    this.panelsOfFigure = this.loader(async (ids) => {
      const found = await corpus.panelsOfFigures(viewer, ids);
      return ids.map((id) => found.filter(({ figureId }) => figureId === id));
    });
    this.collection = this.loaderById((ids) => collections.byIds(viewer, ids));
    this.collectionsOfFigure = this.loader(async (ids) => {
      const found = await collections.ofFigures(viewer, ids);
      return ids.map((id) => found.get(id as FigureId) ?? []);
    });
    this.isHidden = this.loader(async (ids) => {
      const hidden = await review.hiddenAmong(viewer, ids);
      return ids.map((id) => hidden.has(id));
    });
    this.mask = this.loader((ids) => masks.findMany(viewer, ids));
    this.maskJob = this.loader((ids) => Promise.resolve(ids.map((id) => maskJobs.find(viewer, id))));
    this.ingestRun = this.loader((ids) => Promise.all(ids.map((id) => history.find(viewer, id))));
    this.maskShape = this.loaderById((hashes) => maskReader.shapes(viewer, hashes));
    this.storedMask = this.loaderById((hashes) => maskReader.byHashes(viewer, hashes));
    this.masksOfFigure = this.loader(async (ids) => maskReader.ofFigures(viewer, await this.withPanels(ids)));
  }

  /** What a search read already is not read again. */
  prime({ figure, panel, article }: StoredHit): void {
    this.figure.prime(figure.id, figure);
    this.panel.prime(panel.id, panel);
    if (article !== null) this.article.prime(article.id, article);
  }

  /** @param find what exists of the ids, by id */
  private loaderById<Value>(
    find: (ids: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
  ): DataLoader<string, Value | null> {
    return this.loader(async (ids) => {
      const found = await find(ids);
      return ids.map((id) => found.get(id) ?? null);
    });
  }

  /** In batches, because making objects of thousands of rows at once would delay all other requests. */
  private loader<Value>(read: (ids: readonly string[]) => Promise<readonly Value[]>): DataLoader<string, Value> {
    const batch = (ids: readonly string[]): Promise<readonly Value[]> => {
      this.signal.throwIfAborted();
      return read(ids);
    };
    return new DataLoader(async (ids) => batch(ids), { maxBatchSize: 200 });
  }

  /** A figure with its panels, the whole figure first. @throws {FigseekError} NOT_FOUND */
  async figureWithPanels(id: string): Promise<{ readonly figure: Figure; readonly panels: readonly Panel[] }> {
    const [figure, panels] = await Promise.all([this.figure.load(id), this.panelsOfFigure.load(id)]);
    if (figure !== null) return { figure, panels };
    throw unknownFigure(id);
  }

  /** Figures with their panels; null for a figure that does not exist. */
  private withPanels(ids: readonly string[]) {
    return Promise.all(
      ids.map(async (id) => {
        const figure = await this.figure.load(id);
        return figure && { figure, panels: await this.panelsOfFigure.load(id) };
      }),
    );
  }

  /** The masks of a job, without those whose panel has another box or another image than when they were requested. */
  async masksOfJob(jobMasks: readonly JobMask[]): Promise<readonly Mask[]> {
    const masks = await Promise.all(
      jobMasks.map(async (jobMask) => {
        const panel = await this.panel.load(jobMask.panelId);
        const figure = panel && (await this.figure.load(panel.figureId));
        if (panel === null || figure === null) return null;
        return placeJobMask(jobMask, { panel, figure }, (hash) => this.storedMask.load(hash));
      }),
    );
    return masks.filter((mask) => mask !== null);
  }

  /** Those that still exist, in the order of the ids. */
  async existingFigures(ids: readonly string[]): Promise<readonly Figure[]> {
    const figures = await Promise.all(ids.map((id) => this.figure.load(id)));
    return figures.filter((figure) => figure !== null);
  }
}
