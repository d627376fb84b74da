import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { withApp } from '../../src/app/command-context.js';
import { loadConfig } from '../../src/app/config.js';
import { ActiveModel } from '../../src/app/active-model.js';
import type { Channel } from '../../src/domain/search.js';
import { localOperator } from '../../src/domain/viewer.js';
import { FigureStore } from '../../src/ports/figure-store.js';
import { FigureSearch, type RankedFigures } from '../../src/search/figure-search.js';
import {
  defaultSearchRequest,
  parseSearchRequest,
  type SearchRequest,
  type Term,
} from '../../src/search/search-request.js';
import { newPlace, run } from './figseek-process.js';
import type { LabeledRecord } from './relevance-queries.js';

/** A corpus whose answers are measured, by the starter model. */
export class RelevanceCorpus {
  private constructor(
    private readonly search: FigureSearch,
    private readonly keyOf: ReadonlyMap<string, string>,
  ) {}

  /** @param file JSON lines of figures @param work everything that is asked of the corpus */
  static async with<Result>(file: string, work: (corpus: RelevanceCorpus) => Promise<Result>): Promise<Result> {
    const place = newPlace();
    const { code, stderr } = await run(place, ['ingest', file, '--json']);
    if (code !== 0 && code !== 3) throw new Error(stderr);
    return withApp(loadConfig({ data: place.data, indexes: place.indexes }), async (core: INestApplicationContext) => {
      await core.get(ActiveModel).current.space.ensureBuilt();
      const figures = await core.get(FigureStore).sampleEvenly(10_000);
      const keyOf = new Map(figures.map(({ id, sourceKey }) => [id, sourceKey]));
      return work(new RelevanceCorpus(core.get(FigureSearch), keyOf));
    });
  }

  get size(): number {
    return this.keyOf.size;
  }

  /** Ids of the records that answer, best first; without a channel all that apply. */
  async find(term: Term, channel?: Channel): Promise<readonly string[]> {
    return (await this.ask(term, channel)).keys;
  }

  /** The answer with what it says of itself. */
  async ask(
    term: Term,
    channel?: Channel,
  ): Promise<{ readonly keys: readonly string[]; readonly info: RankedFigures['info'] }> {
    const channels = channel === undefined ? null : [channel];
    const request: SearchRequest = { ...defaultSearchRequest, terms: [term], channels, collapseDuplicates: false };
    const { figures, info } = await this.search.ranked(localOperator, parseSearchRequest(request, 200), 200);
    return { keys: figures.map(({ figureId }) => this.keyOf.get(figureId) ?? ''), info };
  }
}

/** Records without what tells of them beside caption and labels, in a folder with their images. */
export function withoutDescriptions(file: string, records: readonly (LabeledRecord & { image: string })[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'relevance-'));
  const lines = records.map(({ id, image, caption, labels }) => {
    const name = path.basename(image);
    copyFileSync(path.join(path.dirname(file), image), path.join(folder, name));
    return JSON.stringify({ id, image: name, caption, labels });
  });
  const written = path.join(folder, 'figures.jsonl');
  writeFileSync(written, lines.join('\n'));
  return written;
}
