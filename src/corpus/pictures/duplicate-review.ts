import type {
  DecisionPlace,
  DuplicateDecision,
  DuplicateGroup,
  DuplicateVerdict,
} from '../../domain/duplicate-decision.js';
import { FigseekError } from '../../domain/errors.js';
import { validateFirst, type Page, type SeqPage } from '../../domain/page.js';
import type { Viewer } from '../../domain/viewer.js';
import type { DuplicateDecisionStore } from '../../ports/duplicate-decision-store.js';
import type { FigureStore } from '../../ports/figure-store.js';
import type { PageRequest } from '../collections.js';

const defaultFirst = 20;
/** Each pair of them is kept: 1,225 pairs of the most figures. */
const maxReviewed = 50;

/** What is decided of some figures. */
export interface GivenDecision {
  readonly figureIds: readonly string[];
  /** UNDECIDED takes decisions back. */
  readonly verdict: DuplicateVerdict | 'UNDECIDED';
  /** Of KEEP_ONE: which. */
  readonly keptId: string | null;
}

/** Lets people look through figures with the same picture, and decide on them (docs/curation.md). */
export class DuplicateReview {
  /** @param maxFirst how many groups a page has at most on this server */
  constructor(
    private readonly decisions: DuplicateDecisionStore,
    private readonly figures: Pick<FigureStore, 'imageHashes'>,
    private readonly maxFirst: number,
  ) {}

  /**
   * Groups of figures with the same picture, each with at most 50 of its figures.
   * @param isReviewed false: those that wait for a decision; true: the others; null: all
   * @throws {FigseekError} BAD_USER_INPUT for a length that no page can have
   */
  async groups(
    _viewer: Viewer,
    isReviewed: boolean | null,
    { after, first }: PageRequest,
  ): Promise<SeqPage<DuplicateGroup>> {
    const length = validateFirst(first ?? defaultFirst, this.maxFirst);
    return this.decisions.groups({ isReviewed, after, first: length }, maxReviewed);
  }

  /** What was decided of pairs of these figures. */
  among(_viewer: Viewer, figureIds: readonly string[]): Promise<readonly DuplicateDecision[]> {
    return this.decisions.among(figureIds);
  }

  /**
   * All decisions by pairs, the latest first.
   * @param after the last one before; null for the first page
   * @throws {FigseekError} BAD_USER_INPUT for a length that no page can have
   */
  async list(_viewer: Viewer, after: DecisionPlace | null, first: number | null): Promise<Page<DuplicateDecision>> {
    return this.decisions.list(after, validateFirst(first ?? defaultFirst, this.maxFirst));
  }

  /** Those of the figures that are hidden. */
  hiddenAmong(_viewer: Viewer, figureIds: readonly string[]): Promise<ReadonlySet<string>> {
    return this.decisions.hiddenAmong(figureIds);
  }

  /**
   * Decides on all pairs of some figures.
   * @returns what now holds of these pairs
   * @throws {FigseekError} NOT_FOUND; BAD_USER_INPUT for fewer than two figures, more than 50, a figure to keep that is none of
   *   them, and NOT_SAME of figures with one image file; CONFLICT where the kept one is hidden itself
   */
  async decide(viewer: Viewer, { figureIds, verdict, keptId }: GivenDecision): Promise<readonly DuplicateDecision[]> {
    const ids = [...new Set(figureIds)];
    if (ids.length < 2 || ids.length > maxReviewed) {
      throw badInput(`Expected 2 to ${maxReviewed} different figures but received ${ids.length}`);
    }
    const kept = verdict === 'KEEP_ONE' ? (keptId ?? '') : null;
    if (kept !== null && !ids.includes(kept)) {
      throw badInput('Expected `keep` to name one of the figures, as KEEP_ONE keeps one of them');
    }
    if (kept === null && keptId !== null)
      throw badInput(`Expected no figure to keep, as ${verdict} keeps none before others`);
    if (verdict === 'NOT_SAME') await this.expectOtherFiles(ids);
    await this.decisions.decide(ids, verdict === 'UNDECIDED' ? null : verdict, { keptId: kept, by: viewer.kind });
    return this.decisions.among(ids);
  }

  /** Two figures with one image file show the same picture, whatever anybody says. */
  private async expectOtherFiles(ids: readonly string[]): Promise<void> {
    const files = new Map<string, string>();
    for (const [id, file] of await this.figures.imageHashes(ids)) {
      const other = files.get(file);
      if (other !== undefined) {
        throw badInput(`Expected figures with other pictures, but ${other} and ${id} have one image file`);
      }
      files.set(file, id);
    }
  }
}

function badInput(message: string): FigseekError {
  return new FigseekError('BAD_USER_INPUT', message);
}
