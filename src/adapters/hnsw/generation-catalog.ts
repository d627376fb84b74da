import path from 'node:path';
import { FigseekError, messageOf } from '../../domain/errors.js';
import { vectorKinds } from '../../domain/search.js';
import type { EmbeddingSource } from '../../ports/embedding-source.js';
import { assertEqual, compareAll, compareSample } from './compare-generation.js';
import { listGenerations, type BuildResult, type Space } from './generation-builder.js';
import { manifestHash, readManifest, type Manifest } from './manifest.js';

/** The generations of one space on disk: which of them may answer for this database. */
export class GenerationCatalog {
  private readonly invalid = new Set<string>();

  /** @param onProblem told of each generation that is passed over */
  constructor(
    readonly home: string,
    private readonly space: Space,
    private readonly source: EmbeddingSource,
    private readonly onProblem: (message: string) => void,
  ) {}

  /**
   * Opens the newest generation that fits this database and is newer than a given one. Others are passed over: an older
   * one, or the database alone, gives the same answers.
   * @param open what `BuildResult` is to become; where it fails, the generation is passed over too
   */
  async openLatest<Opened>(
    newerThan: string,
    open: (generation: BuildResult) => Promise<Opened>,
  ): Promise<Opened | null> {
    const names = await listGenerations(this.home);
    for (const name of names.filter((name) => name > newerThan && !this.invalid.has(name))) {
      try {
        return await open(await this.checked(name));
      } catch (error) {
        this.invalid.add(name);
        this.onProblem(`The index generation ${name} is passed over: ${messageOf(error)}`);
      }
    }
    return null;
  }

  private async checked(generation: string): Promise<BuildResult> {
    const folder = path.join(this.home, generation);
    const manifest = await readManifest(folder, this.space.version, this.space.dimensions);
    const published = { folder, manifest };
    const known = await this.source.publishedGenerations(this.space.version);
    if (known.get(generation) === manifestHash(manifest)) {
      assertEqual(generation, await compareSample(published, this.source));
    } else {
      // Made by an older version of the program, from a copy of the database, or from a state that was taken back.
      // Labels that this database has not given yet will be those of other vectors.
      await this.assertLabelsGiven(manifest);
      assertEqual(generation, await compareAll(published, this.source));
      // Where another process writes for long, the next start compares once more.
      await this.source.recordGeneration(this.space.version, generation, manifestHash(manifest)).catch(() => undefined);
    }
    return published;
  }

  private async assertLabelsGiven(manifest: Manifest): Promise<void> {
    const last = Math.max(...vectorKinds.map((kind) => manifest.kinds[kind]?.lastSeq ?? 0));
    const { lastEmbedding } = await this.source.corpusState();
    if (last <= lastEmbedding) return;
    throw new FigseekError(
      'INDEX_UNAVAILABLE',
      `${manifest.generation} was made from another state of the database: it goes to vector ${last}, the database to ${lastEmbedding}`,
    );
  }
}
