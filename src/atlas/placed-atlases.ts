import type { Atlas } from '../domain/atlas.js';
import type { CorpusState } from '../domain/corpus-state.js';
import type { AtlasStore } from '../ports/atlas-store.js';
import type { GraphSources } from './neighbor-graph.js';
import { placeFigures } from './place-figures.js';
import type { ServingSpace } from './serving-space.js';

/** So many new figures are placed while somebody waits for the map; the others follow in the background. */
const placedAtOnce = 200;

/** The newest map of a model, with places for the figures that came since. */
export class PlacedAtlases {
  private atlas: Atlas | null = null;
  /** Up to which vector all figures have a place, by map. */
  private complete: { readonly id: string; readonly lastEmbedding: number } | null = null;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly services: Omit<GraphSources, 'index'> & { readonly atlases: AtlasStore }) {}

  /** The newest map, with the places that are known. */
  async read(space: string): Promise<Atlas | null> {
    const known = this.atlas?.space === space ? this.atlas : null;
    const read = await this.services.atlases.read(space, known);
    // Another call may have placed figures on the same map meanwhile.
    const own = this.atlas;
    if (read !== null && own?.id === read.id && own.space === space) return own;
    this.atlas = read;
    return read;
  }

  /** The newest map, where some of the figures that came since are placed. */
  follow(serving: ServingSpace, corpus: CorpusState): Promise<Atlas | null> {
    return this.placeSome(serving, corpus, new AbortController().signal);
  }

  /** Places all figures that came since, and keeps their places. */
  async placeAll(serving: ServingSpace, corpus: CorpusState, signal: AbortSignal): Promise<void> {
    const before = await this.read(serving.version);
    let atlas = before;
    while (atlas !== null && !this.isComplete(atlas, corpus) && !signal.aborted) {
      atlas = await this.placeSome(serving, corpus, signal);
    }
    if (atlas === null || atlas.panels.length === before?.panels.length) return;
    const { atlases } = this.services;
    const placed = atlas;
    await atlases.exclusively(serving.version, async () => {
      // A newer map may have been made meanwhile.
      const newest = await atlases.read(serving.version, placed);
      if (newest?.id === placed.id) await atlases.save(placed);
    });
  }

  /** One call after the other: each goes on where the one before it ended. */
  private placeSome({ version, index }: ServingSpace, corpus: CorpusState, signal: AbortSignal): Promise<Atlas | null> {
    const placed = this.last.then(async () => {
      const atlas = await this.read(version);
      await this.services.panels.update(corpus);
      if (atlas === null || this.isComplete(atlas, corpus)) return atlas;
      const options = { asOf: corpus, limit: placedAtOnce, signal };
      const next = await placeFigures({ ...this.services, index }, atlas, options);
      this.atlas = next.atlas;
      if (next.isComplete) this.complete = { id: atlas.id, lastEmbedding: corpus.lastEmbedding };
      return next.atlas;
    });
    this.last = placed.catch(() => undefined);
    return placed;
  }

  private isComplete({ id }: Atlas, { lastEmbedding }: CorpusState): boolean {
    return this.complete?.id === id && this.complete.lastEmbedding >= lastEmbedding;
  }
}
