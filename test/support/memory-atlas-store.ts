import type { Atlas } from '../../src/domain/atlas.js';
import { FigseekError } from '../../src/domain/errors.js';
import { AtlasStore } from '../../src/ports/atlas-store.js';

/** Maps in memory. */
export class MemoryAtlasStore extends AtlasStore {
  private readonly atlases = new Map<string, Atlas>();
  private readonly busy = new Set<string>();

  read(space: string, known: Atlas | null): Promise<Atlas | null> {
    const kept = this.atlases.get(space) ?? null;
    return Promise.resolve(kept !== null && known?.space === space && known.id >= kept.id ? known : kept);
  }

  save(atlas: Atlas): Promise<void> {
    this.atlases.set(atlas.space, atlas);
    return Promise.resolve();
  }

  async exclusively<Result>(space: string, work: () => Promise<Result>): Promise<Result> {
    if (this.busy.has(space)) throw new FigseekError('CONFLICT', 'Another caller is making the same map');
    this.busy.add(space);
    try {
      return await work();
    } finally {
      this.busy.delete(space);
    }
  }
}
