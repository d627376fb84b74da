import type { Atlas } from '../domain/atlas.js';

/** Keeps the maps of a corpus: one for each model version. A map is derived data; what cannot be read counts as absent. */
export abstract class AtlasStore {
  /** The newest map of a model version that is whole; null where there is none. @param known the one the caller has: given back where it is still the newest */
  abstract read(space: string, known: Atlas | null): Promise<Atlas | null>;

  /** Keeps a map in place of older ones, and of an earlier state of the same one: whole, or not at all. */
  abstract save(atlas: Atlas): Promise<void>;

  /** Runs `work` while no other process makes a map of this model version. @throws {FigseekError} CONFLICT where one does */
  abstract exclusively<Result>(space: string, work: () => Promise<Result>): Promise<Result>;
}
