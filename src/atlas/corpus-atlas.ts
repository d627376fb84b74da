import type { Atlas, AtlasState } from '../domain/atlas.js';
import type { CorpusState } from '../domain/corpus-state.js';
import { FigseekError } from '../domain/errors.js';
import { validateFilter, type FigureFilter } from '../domain/figure-filter.js';
import { allowsAll } from '../domain/figure-scope.js';
import { sha256 } from '../domain/ids.js';
import type { Viewer } from '../domain/viewer.js';
import type { AtlasStore } from '../ports/atlas-store.js';
import type { CollectionStore } from '../ports/collection-store.js';
import type { FigureFilters } from '../ports/figure-filters.js';
import { AtlasJob } from './atlas-job.js';
import { AtlasMaker, type MakerOptions, type MakerSources } from './atlas-maker.js';
import { emptyColumns, selectPoints, type AtlasColumns } from './atlas-points.js';
import { readFigureColumns, type FigureColumns } from './figure-columns.js';
import { PlacedAtlases } from './placed-atlases.js';
import type { ServingSpace } from './serving-space.js';
import { watchChanges } from '../platform/watch-changes.js';

/** Most figures of a result set that is shown as a map. */
const maxIds = 1000;

/** Which figures of the map are asked for. All conditions hold. */
export interface AtlasRequest {
  readonly collectionId: string | null;
  readonly filter: FigureFilter | null;
  /** Only these figures, at most 1000; null: all. */
  readonly figureIds: readonly string[] | null;
}

export interface AtlasStatus {
  readonly state: AtlasState;
  /** 0..1 while one is made; else null. */
  readonly progress: number | null;
  /** Why the last one could not be made. */
  readonly failure: string | null;
  /** Of the map that is served, also while another one is made. */
  readonly generation: string | null;
  readonly madeAt: Date | null;
}

/** What the atlas is made from and kept in. */
export interface AtlasServices extends Omit<MakerSources, 'index' | 'filters'> {
  readonly filters: FigureFilters;
  readonly collections: Pick<CollectionStore, 'byIds'>;
  readonly atlases: AtlasStore;
}

/** The map of the corpus: makes it in the background, follows the corpus, and answers which figures lie where. */
export class CorpusAtlas {
  private job: AtlasJob | null = null;
  private readonly placed: PlacedAtlases;
  private columns: { readonly key: string; readonly read: Promise<FigureColumns> } | null = null;

  /** @param current the model that serves now */
  constructor(
    private readonly current: () => ServingSpace,
    private readonly services: AtlasServices,
  ) {
    this.placed = new PlacedAtlases(services);
  }

  async status(_viewer: Viewer): Promise<AtlasStatus> {
    const { version } = this.current();
    const atlas = await this.placed.read(version);
    const job = this.job?.space === version ? this.job : null;
    const progress = job?.progress ?? null;
    const failure = job?.failure ?? null;
    const ended = failure !== null && atlas === null ? 'FAILED' : atlas === null ? 'ABSENT' : 'READY';
    return {
      ...{ state: progress === null ? ended : 'RUNNING', progress, failure },
      ...{ generation: atlas?.id ?? null, madeAt: atlas?.madeAt ?? null },
    };
  }

  /** The state as it is, then again as a map that is made goes on; ends with the making. @param signal ends the stream */
  watch(viewer: Viewer, signal: AbortSignal): AsyncGenerator<AtlasStatus> {
    return watchChanges(() => this.status(viewer), signal);
  }

  /** Begins to make a map of the model that serves, in the background; a call meanwhile changes nothing. */
  start(_viewer: Viewer): void {
    const serving = this.current();
    if (this.job?.space === serving.version && this.job.progress !== null) return;
    this.job?.cancel();
    this.job = new AtlasJob(serving.version, (onProgress, signal) => this.makeOf(serving, { onProgress, signal }));
  }

  /** Makes a map and keeps it. @throws {FigseekError} as `AtlasMaker.make`; CONFLICT where another process makes one */
  make(_viewer: Viewer, options: MakerOptions): Promise<Atlas> {
    return this.makeOf(this.current(), options);
  }

  /** Ends the making of a map, if one is made; the former map stays. */
  async cancel(_viewer: Viewer): Promise<void> {
    this.job?.cancel();
    await this.job?.ended;
  }

  /** Figures of the map; none where there is no map. @throws {FigseekError} BAD_USER_INPUT, NOT_FOUND for the collection */
  async points(viewer: Viewer, request: AtlasRequest): Promise<AtlasColumns> {
    const corpus = await this.services.filters.corpus();
    const atlas = await this.atlasAt(corpus);
    if (atlas === null) return emptyColumns;
    const filter = await this.filterOf(viewer, request);
    const scope = await this.services.filters.resolve(filter, corpus);
    const allowed = allowsAll(scope) ? null : await this.services.filters.allowedFigures(scope);
    const ids = request.figureIds === null ? null : new Set(request.figureIds);
    return selectPoints(atlas, this.services.panels, await this.columnsAt(corpus), { allowed, ids });
  }

  /** Changes with the answer of `points`. */
  async tag(_viewer: Viewer, request: AtlasRequest): Promise<string> {
    const corpus = await this.services.filters.corpus();
    const atlas = await this.atlasAt(corpus);
    const state = [corpus.version, corpus.collectionsVersion, corpus.masksVersion];
    return sha256(JSON.stringify([atlas?.id, atlas?.panels.length, state, request])).slice(0, 32);
  }

  /** Gives places to all figures that came since. @param signal ends it after the figures in hand */
  async placeNew(signal: AbortSignal): Promise<void> {
    await this.placed.placeAll(this.current(), await this.services.filters.corpus(), signal);
  }

  async close(): Promise<void> {
    this.job?.cancel();
    await this.job?.ended;
  }

  private makeOf({ version, index }: ServingSpace, options: MakerOptions): Promise<Atlas> {
    const { atlases } = this.services;
    return atlases.exclusively(version, async () => {
      const atlas = await new AtlasMaker(version, { ...this.services, index }).make(options);
      options.signal.throwIfAborted();
      await atlases.save(atlas);
      return atlas;
    });
  }

  private atlasAt(corpus: CorpusState): Promise<Atlas | null> {
    return this.placed.follow(this.current(), corpus);
  }

  private columnsAt({ version, collectionsVersion }: CorpusState): Promise<FigureColumns> {
    const key = `${version} ${collectionsVersion}`;
    if (this.columns?.key !== key) {
      const read = readFigureColumns(this.services.attributes);
      this.columns = { key, read };
      read.catch(() => (this.columns = null));
    }
    return this.columns.read;
  }

  private async filterOf(
    _viewer: Viewer,
    { collectionId, filter, figureIds }: AtlasRequest,
  ): Promise<FigureFilter | null> {
    if (figureIds !== null && figureIds.length > maxIds) {
      throw new FigseekError('BAD_USER_INPUT', `Expected at most ${maxIds} figureIds but received ${figureIds.length}`);
    }
    if (collectionId === null) return filter === null ? null : validateFilter(filter);
    if ((await this.services.collections.byIds([collectionId])).size === 0) {
      throw new FigseekError('NOT_FOUND', `There is no collection ${collectionId.slice(0, 60)}`);
    }
    const members = { collectionId, excludeRetracted: false };
    const both = { excludeRetracted: filter?.excludeRetracted ?? true, and: [filter ?? {}, members] };
    return validateFilter(filter === null ? members : both);
  }
}
