import { unknownFigure } from '../../src/domain/errors.js';
import {
  pairsOf,
  type DecisionPlace,
  type DuplicateDecision,
  type DuplicateGroup,
  type DuplicateVerdict,
} from '../../src/domain/duplicate-decision.js';
import { FigseekError } from '../../src/domain/errors.js';
import type { FigureId } from '../../src/domain/ids.js';
import { toPage, type Page, type SeqPage } from '../../src/domain/page.js';
import { DuplicateDecisionStore, type DuplicateGroupsRequest } from '../../src/ports/duplicate-decision-store.js';
import type { MemoryPictureStore } from './memory-picture-store.js';

/** What people decided of figures with the same picture, in memory. */
export class MemoryDuplicateDecisionStore extends DuplicateDecisionStore {
  private readonly decisions = new Map<string, DuplicateDecision>();

  /** @param exists whether there is a figure */
  constructor(
    private readonly pictures: MemoryPictureStore,
    private readonly exists: (id: string) => boolean,
  ) {
    super();
  }

  async decide(
    figureIds: readonly string[],
    verdict: DuplicateVerdict | null,
    { keptId, by }: { readonly keptId: string | null; readonly by: string },
  ): Promise<void> {
    const unknown = await Promise.resolve(figureIds.find((id) => !this.exists(id)));
    if (unknown !== undefined) throw unknownFigure(unknown);
    const pairs = pairsOf(figureIds as readonly FigureId[]);
    const before = new Map(this.decisions);
    for (const pair of pairs) this.decisions.delete(pair.join(' '));
    if (keptId !== null && this.isHidden(keptId)) {
      for (const [key, decision] of before) this.decisions.set(key, decision);
      throw new FigseekError('CONFLICT', `${keptId} is hidden by another decision`);
    }
    const told = { keptId: keptId as FigureId | null, decidedBy: by, decidedAt: new Date() };
    if (verdict !== null)
      for (const pair of pairs) this.decisions.set(pair.join(' '), { figureIds: pair, verdict, ...told });
    const apart = [...this.decisions].filter(([, one]) => one.verdict === 'NOT_SAME').map(([key]) => key);
    this.pictures.setApart(new Set(apart));
  }

  among(figureIds: readonly string[]): Promise<readonly DuplicateDecision[]> {
    const keys = pairsOf(figureIds).map((pair) => pair.join(' '));
    return Promise.resolve(keys.flatMap((key) => this.decisions.get(key) ?? []));
  }

  list(after: DecisionPlace | null, first: number): Promise<Page<DuplicateDecision>> {
    const listed = [...this.decisions.values()].sort(compareDecisions);
    const wanted = after === null ? listed : listed.filter((one) => compareDecisions(one, after) > 0);
    return Promise.resolve({ items: wanted.slice(0, first), hasNextPage: wanted.length > first });
  }

  groups({ isReviewed, after, first }: DuplicateGroupsRequest, maxFigures: number): Promise<SeqPage<DuplicateGroup>> {
    const all = this.pictures.groups.map((figureIds, at) => ({
      ...{ seq: at + 1, size: figureIds.length, figureIds: figureIds.slice(0, maxFigures) },
      isDecided: figureIds.slice(1).every((id) => this.decisions.has([id, figureIds[0] ?? ''].sort().join(' '))),
    }));
    const wanted = all.filter((group) => group.seq > after && (isReviewed ?? group.isDecided) === group.isDecided);
    return Promise.resolve(
      toPage(wanted.map(({ isDecided: _isDecided, ...group }) => group).slice(0, first + 1), first),
    );
  }

  hiddenAmong(figureIds: readonly string[]): Promise<ReadonlySet<FigureId>> {
    return Promise.resolve(new Set((figureIds as readonly FigureId[]).filter((id) => this.isHidden(id))));
  }

  private isHidden(id: string): boolean {
    return [...this.decisions.values()].some(
      ({ figureIds, verdict, keptId }) =>
        verdict === 'KEEP_ONE' &&
        keptId !== null &&
        this.exists(keptId) &&
        keptId !== id &&
        figureIds.includes(id as FigureId),
    );
  }
}

/** The latest first, then by ids. */
function compareDecisions(one: DecisionPlace, other: DecisionPlace): number {
  const later = other.decidedAt.getTime() - one.decidedAt.getTime();
  const [own, others] = [one.figureIds.join(' '), other.figureIds.join(' ')];
  return later !== 0 ? later : own < others ? -1 : own > others ? 1 : 0;
}
