import { Args, Context, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { facetFields } from '../../../domain/facet.js';
import { FigureSearch, type FoundHit, type SearchAnswer } from '../../../search/figure-search.js';
import type { Loaders } from './loaders.js';
import type { GraphContext } from '../server/graph-context.js';
import { validatePartLength } from '../figures/list-connection.js';
import { resolveMaskRegions } from '../masks/resolve-mask-regions.js';
import { SearchInfoType } from '../figures/search-info.type.js';
import { SearchArgs, toSearchRequest } from './search.inputs.js';
import { FacetType, FigureHitConnectionType, FigureHitType, FigureType, PanelType } from '../figures/types.js';

/** Few hits stand for more; of a page of hundreds each is counted with so many. */
const usualDuplicates = 20;

export const facetsDescription =
  'Modality, year, license, journal, label, whether there is a mask (`hasAnyMask`), and what panels are classified as (`figureType`, `predictedModality`), the values of the hits first; what is counted stands at `FacetValue`. The part of the filter for a field does not count for this field, so that another value can be added.';

@Resolver(() => FigureHitConnectionType)
export class SearchResolver {
  constructor(private readonly search: FigureSearch) {}

  @Query(() => FigureHitConnectionType, {
    description: 'Text-to-figure, image-to-figure, and composed search. Ranked; stable across pages.',
  })
  async searchFigures(@Args() args: SearchArgs, @Context() { viewer, loaders, signal }: GraphContext) {
    const request = toSearchRequest({ ...args, query: await resolveMaskRegions(args.query, loaders) });
    return toConnection(await this.search.search(viewer, request, { after: args.after ?? null, signal }), loaders);
  }

  @ResolveField(() => [FacetType], { description: facetsDescription })
  facets(@Parent() { answer }: FigureHitConnectionType) {
    return answer.facets(facetFields);
  }
}

@Resolver(() => SearchInfoType)
export class SearchInfoResolver {
  @ResolveField(() => String, {
    nullable: true,
    description:
      'Where no figure of the corpus holds a word of the query: the query with a word of the corpus that is spelled nearly like it. Null where there is none, and for several texts.',
  })
  suggestedText(@Parent() info: SearchInfoType): Promise<string | null> {
    return info.suggest();
  }
}

@Resolver(() => FigureHitType)
export class FigureHitResolver {
  @ResolveField(() => FigureType)
  figure(@Parent() hit: FigureHitType, @Context() { loaders }: GraphContext) {
    return loaders.figure.load(hit.figureId);
  }

  @ResolveField(() => PanelType, { description: 'The panel that matched best; the whole figure is a panel too.' })
  panel(@Parent() hit: FigureHitType, @Context() { loaders }: GraphContext) {
    return loaders.panel.load(hit.panelId);
  }

  @ResolveField(() => String, {
    nullable: true,
    description:
      'The part of the panel’s caption, else of the figure’s, that fits the query, with matches marked by <mark>; all else is escaped.',
  })
  async snippet(
    @Parent() hit: FigureHitType,
    @Context() { loaders }: GraphContext,
    @Args('byMeaning', {
      type: () => Boolean,
      nullable: true,
      defaultValue: true,
      description:
        'Where no word of the query stands in the caption: true takes the sentence that is nearest in meaning, which embeds each sentence; false takes none.',
    })
    byMeaning: boolean | null,
  ): Promise<string | null> {
    const figure = await loaders.figure.load(hit.figureId);
    if (figure === null || hit.answer === null) return null;
    const panel = await loaders.panel.load(hit.panelId);
    return hit.answer.snippet(panel?.caption ?? figure.caption, byMeaning ?? true);
  }

  @ResolveField(() => String, {
    nullable: true,
    description:
      'Where in the panel the texts of the query find support: a PNG to lay over it. Null for image queries.',
  })
  heatmapUrl(@Parent() { answer, panelId }: FigureHitType): string | null {
    return heatmapUrl(answer?.heatMapId(panelId) ?? null);
  }

  @ResolveField(() => [FigureType], {
    description:
      'A group: figures that the answer leaves out because this one stands for them. Each has the same image file, or shows the same picture as the first figure of its group, as this one does; `Figure.duplicates` names pairs instead.',
  })
  async duplicates(
    @Parent() hit: FigureHitType,
    @Args('first', {
      type: () => Int,
      nullable: true,
      defaultValue: usualDuplicates,
      description: 'At most so many; to 1000.',
    })
    first: number | null | undefined,
    @Context() { loaders }: GraphContext,
  ) {
    return (await loaders.existingFigures(hit.duplicateIds)).slice(0, validatePartLength(first, usualDuplicates));
  }
}

export function heatmapUrl(id: string | null): string | null {
  return id === null ? null : `/heatmaps/${id}.png`;
}

/** @param loaders are given what the answer holds already */
export function toConnection(answer: SearchAnswer, loaders: Loaders): FigureHitConnectionType {
  for (const { stored } of answer.hits) loaders.prime(stored);
  const edges = answer.hits.map((hit) => ({
    get cursor() {
      return hit.cursor;
    },
    node: toNode(hit, answer),
  }));
  return {
    answer,
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: answer.hasNextPage,
      hasPreviousPage: answer.hasPreviousPage,
      get startCursor() {
        return edges[0]?.cursor ?? null;
      },
      get endCursor() {
        return edges.at(-1)?.cursor ?? null;
      },
    },
    info: toInfo(answer),
  };
}

export function toInfo(answer: Pick<SearchAnswer, 'info' | 'suggestedText'>): SearchInfoType {
  return { ...answer.info, suggest: () => answer.suggestedText() };
}

function toNode(hit: FoundHit, answer: SearchAnswer): FigureHitType {
  const { rank, score, figureId, panelId, evidence, isMatch, duplicates } = hit;
  return { rank, score, figureId, panelId, evidence, isMatch, duplicateIds: duplicates, answer };
}
