import type { FigureScope } from '../domain/figure-scope.js';
import { wholeFigurePanelId, type FigureId } from '../domain/ids.js';
import type { IndexedPanel } from '../domain/search.js';
import type { FigureFilters } from '../ports/figure-filters.js';
import type { FusedPanel } from './fusion.js';
import type { Ranking } from './ranker.js';

/** Rows of one statement: a long list is read in parts, so that others have their turn. */
const chunk = 2000;

/**
 * Adds the figures that a scope allows and that no channel ranked, in the order of their coming: a query of conditions alone
 * (`-smear`, `journal:eLife`) lists all that fulfills them.
 * @param limit how many figures of the scope are looked at
 */
export async function withUnranked(
  ranking: Ranking,
  scope: FigureScope,
  filters: Pick<FigureFilters, 'page'>,
  limit: number,
): Promise<Ranking> {
  const ranked = new Set(ranking.panels.map(({ figureId }) => figureId));
  const { items, hasNextPage } = await firstFigures(scope, filters, limit);
  const unranked = items.flatMap(({ id }): readonly (IndexedPanel & FusedPanel)[] => {
    if (ranked.has(id)) return [];
    const panelId = wholeFigurePanelId(id);
    return [{ panelId, figureId: id, imageKey: panelId, score: 0, evidence: [], isMatch: true }];
  });
  return { ...ranking, panels: [...ranking.panels, ...unranked], truncated: ranking.truncated || hasNextPage };
}

async function firstFigures(scope: FigureScope, filters: Pick<FigureFilters, 'page'>, limit: number) {
  const items: { readonly id: FigureId }[] = [];
  for (let after = 0; ;) {
    const page = await filters.page(scope, after, Math.min(chunk, limit - items.length));
    items.push(...page.items);
    after = page.items.at(-1)?.seq ?? after;
    if (!page.hasNextPage || items.length >= limit) return { items, hasNextPage: page.hasNextPage };
  }
}
