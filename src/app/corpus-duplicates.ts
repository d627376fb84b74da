import path from 'node:path';
import { FileBlobStore } from '../adapters/files/file-blob-store.js';
import { FigureDuplicates, type MatchPage } from '../corpus/pictures/figure-duplicates.js';
import { PictureMatching } from '../corpus/pictures/picture-matching.js';
import { FigseekError } from '../domain/errors.js';
import type { FigureId } from '../domain/ids.js';
import type { Viewer } from '../domain/viewer.js';
import type { FigureStore } from '../ports/figure-store.js';
import type { StoredMatch } from '../ports/picture-store.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import { withStores } from './command-context.js';
import type { Config } from './config.js';
import { newReader } from './model-runtime.js';
import { trackMatching } from './track-matching.js';

/** What is listed. */
export interface DuplicatesRequest {
  /** Null: all pairs of the corpus. */
  readonly figureId: FigureId | null;
  readonly minSimilarity: number;
  /** Whether only the same picture counts, and not one that was changed, or of which a part is the same. */
  readonly sameOnly: boolean;
  readonly first: number;
}

type FiguresAndPanels = Pick<FigureStore, 'figuresByIds' | 'panelsByIds'>;
type Match = StoredMatch & { readonly figureId: FigureId };

/** Pairs that are read at once. */
const pageSize = 500;

/** Pictures that stand in more than one figure, each with what a person needs to know of both figures. */
export class CorpusDuplicates {
  constructor(
    private readonly duplicates: FigureDuplicates,
    private readonly figures: FiguresAndPanels,
  ) {}

  /** @throws {FigseekError} NOT_FOUND where there is no such figure; BAD_USER_INPUT for a similarity out of range */
  async find(viewer: Viewer, request: DuplicatesRequest) {
    const { figureId, first } = request;
    const found = figureId === null ? await this.all(viewer, request) : await this.ofFigure(viewer, figureId, request);
    const matches = await this.described(found.slice(0, first));
    return { matches, hasMore: found.length > first, pending: await this.duplicates.pending(viewer) };
  }

  private async ofFigure(viewer: Viewer, figureId: FigureId, { minSimilarity, sameOnly }: DuplicatesRequest) {
    if ((await this.figures.figuresByIds([figureId])).size === 0) {
      throw new FigseekError(
        'NOT_FOUND',
        `There is no figure ${figureId.slice(0, 60)}; “figseek search” names their ids`,
      );
    }
    const filter = { minSimilarity, isSame: sameOnly ? true : null };
    const matches = await this.duplicates.matchesOf(viewer, figureId, filter);
    return matches.map((match): Match => ({ ...match, figureId }));
  }

  /** One more than is asked for. */
  private async all(viewer: Viewer, { minSimilarity, sameOnly, first }: DuplicatesRequest): Promise<readonly Match[]> {
    const found: Match[] = [];
    for (let after: MatchPage['next'] = null; ;) {
      const page: MatchPage = await this.duplicates.list(viewer, after, pageSize);
      found.push(
        ...page.matches.filter(({ similarity, isSame }) => similarity >= minSimilarity && (isSame || !sameOnly)),
      );
      if (page.next === null || found.length > first) return found;
      after = page.next;
    }
  }

  private async described(matches: readonly Match[]) {
    const figures = await this.figures.figuresByIds(
      matches.flatMap(({ figureId, other }) => [figureId, other.figureId]),
    );
    const panels = await this.figures.panelsByIds(matches.flatMap(({ panelId, other }) => [panelId, other.panelId]));
    const side = (figureId: FigureId, panelId: StoredMatch['panelId']) => {
      const figure = figures.get(figureId);
      const label = panels.get(panelId)?.label ?? null;
      return {
        figureId,
        sourceKey: figure?.sourceKey ?? '',
        articleId: figure?.articleId ?? null,
        panelId,
        panelLabel: label,
      };
    };
    return matches.map(({ figureId, panelId, other, similarity, changes, isSame, boxes: [box, otherBox] }) => ({
      figure: { ...side(figureId, panelId), box },
      other: { ...side(other.figureId, other.panelId), box: otherBox },
      ...{ similarity, changes, isSamePicture: isSame },
    }));
  }
}

/** Runs `work` over the database of the configured data folder. */
export function withCorpusDuplicates<Result>(
  config: Config,
  work: (duplicates: CorpusDuplicates) => Promise<Result>,
): Promise<Result> {
  return withStores(config, ({ pictures, figures }) =>
    work(new CorpusDuplicates(new FigureDuplicates(pictures), figures)),
  );
}

/** Makes the signatures that are missing and compares what was not compared yet; no model is loaded. */
export function comparePendingPictures(config: Config, signal: AbortSignal, reporter: WorkReporter): Promise<void> {
  return withStores(config, async ({ pictures }) => {
    const reader = newReader(config);
    const matching = new PictureMatching(pictures, new FileBlobStore(path.join(config.data, 'images')), reader);
    try {
      await trackMatching(matching, await pictures.pending(), { signal }, reporter);
    } finally {
      reader.close();
    }
  });
}
