import type {
  DecisionPlace,
  DuplicateDecision,
  DuplicateGroup,
  DuplicateVerdict,
} from '../domain/duplicate-decision.js';
import type { FigureId } from '../domain/ids.js';
import type { Page, SeqPage } from '../domain/page.js';

/** Which groups are listed. */
export interface DuplicateGroupsRequest {
  /** True: groups whose members were all decided on; false: those with a member that waits for a decision; null: all. */
  readonly isReviewed: boolean | null;
  /** Number of the last one before; 0 for the first page. */
  readonly after: number;
  readonly first: number;
}

/**
 * What people decided of figures with the same picture. Decisions name figures by their ids: they stay when a record is read
 * again, and where a figure is deleted and comes back.
 */
export abstract class DuplicateDecisionStore {
  /**
   * Keeps a decision for each pair of the figures, in the place of those before. Figures of which NOT_SAME was decided leave
   * each other's group; of KEEP_ONE, all but the kept one are hidden as long as the kept one exists.
   * @param verdict null: takes the decisions back
   * @throws {FigseekError} NOT_FOUND for a figure that does not exist; CONFLICT where the kept one is hidden itself
   */
  abstract decide(
    figureIds: readonly string[],
    verdict: DuplicateVerdict | null,
    options: { readonly keptId: string | null; readonly by: string },
  ): Promise<void>;

  /** Decisions about pairs of these figures, by their ids. */
  abstract among(figureIds: readonly string[]): Promise<readonly DuplicateDecision[]>;

  /**
   * All decisions, the latest first; also those about figures that were deleted meanwhile.
   * @param after the last one before; null for the first page
   */
  abstract list(after: DecisionPlace | null, first: number): Promise<Page<DuplicateDecision>>;

  /** Groups in the order of their anchors' coming. @param maxFigures so many figures of each at most */
  abstract groups(request: DuplicateGroupsRequest, maxFigures: number): Promise<SeqPage<DuplicateGroup>>;

  /** Those of the figures that are hidden. */
  abstract hiddenAmong(figureIds: readonly string[]): Promise<ReadonlySet<FigureId>>;
}
