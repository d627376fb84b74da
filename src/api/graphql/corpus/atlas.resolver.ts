import {
  Args,
  Context,
  Float,
  ID,
  Int,
  Mutation,
  Parent,
  Query,
  ResolveField,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import type { AtlasColumns } from '../../../atlas/atlas-points.js';
import { CorpusAtlas, type AtlasRequest, type AtlasStatus } from '../../../atlas/corpus-atlas.js';
import { noValue, type CodedColumn } from '../../../atlas/figure-columns.js';
import { noCluster } from '../../../domain/atlas.js';
import type { Viewer } from '../../../domain/viewer.js';
import { FigureType, PageInfoType } from '../figures/types.js';
import type { GraphContext, SubscriptionContext } from '../server/graph-context.js';
import { atlasPage, listCursor, pointsUrl } from './atlas-page.js';
import { AtlasArgs, AtlasClusterType, AtlasType } from './atlas.types.js';

@Resolver(() => AtlasType)
export class AtlasResolver {
  constructor(private readonly corpusAtlas: CorpusAtlas) {}

  @Query(() => AtlasType, {
    description: 'A map of the corpus, or of the figures in it that a collection, a filter or a list of ids allows.',
  })
  atlas(@Args() args: AtlasArgs, @Context() { viewer }: GraphContext): Promise<AtlasType> {
    return this.describe(viewer, args);
  }

  @Subscription(() => AtlasType, {
    name: 'atlas',
    description:
      'The map as it stands, then again while one is made, twice a second at most; ends when the making does, or at once where none is made.',
    resolve: (atlas: AtlasType, _args: unknown, context: SubscriptionContext) => {
      context.renew();
      return atlas;
    },
  })
  async *watchAtlas(@Context() { viewer, signal }: GraphContext): AsyncGenerator<AtlasType> {
    for await (const status of this.corpusAtlas.watch(viewer, signal)) yield this.toAtlas(viewer, {}, status);
  }

  @Mutation(() => AtlasType, {
    description:
      'Begins to make a map for the active model, in the background; `atlas` tells how far it is, as a query and as a subscription. A call meanwhile changes nothing.',
  })
  async makeAtlas(@Context() { viewer }: GraphContext): Promise<AtlasType> {
    this.corpusAtlas.start(viewer);
    return this.describe(viewer, {});
  }

  @Mutation(() => AtlasType, { description: 'Ends the making of a map, if one is made; the former map stays.' })
  async cancelAtlas(@Context() { viewer }: GraphContext): Promise<AtlasType> {
    await this.corpusAtlas.cancel(viewer);
    return this.describe(viewer, {});
  }

  @ResolveField(() => Int, { description: 'Figures on the map that are allowed.' })
  async total(@Parent() { read }: AtlasType): Promise<number> {
    return (await read()).columns.total;
  }

  @ResolveField(() => [ID])
  figureIds(@Parent() atlas: AtlasType) {
    return part(atlas, ({ figureIds }, row) => figureIds[row]);
  }

  @ResolveField(() => [FigureType], { nullable: 'items', description: 'The figures of `figureIds`.' })
  async figures(@Parent() atlas: AtlasType, @Context() { loaders }: GraphContext) {
    const { columns, from, to } = await atlas.read();
    return Promise.all(columns.figureIds.slice(from, to).map((id) => loaders.figure.load(id)));
  }

  @ResolveField(() => [Float], { description: '0..1, from the left.' })
  x(@Parent() atlas: AtlasType) {
    return part(atlas, ({ x }, row) => x[row]);
  }

  @ResolveField(() => [Float], { description: '0..1, from the top.' })
  y(@Parent() atlas: AtlasType) {
    return part(atlas, ({ y }, row) => y[row]);
  }

  @ResolveField(() => [String], { nullable: 'items', description: 'As in `Figure.modality`.' })
  modality(@Parent() atlas: AtlasType) {
    return part(atlas, ({ modality }, row) => valueAt(modality, row));
  }

  @ResolveField(() => [String], { nullable: 'items', description: 'The first of `Figure.labels`.' })
  label(@Parent() atlas: AtlasType) {
    return part(atlas, ({ label }, row) => valueAt(label, row));
  }

  @ResolveField(() => [Int], { nullable: 'items', description: 'Year of the article.' })
  year(@Parent() atlas: AtlasType) {
    return part(atlas, ({ year }, row) => (year[row] === 0 ? null : year[row]));
  }

  @ResolveField(() => [ID], { nullable: 'items', description: 'The first collection that the figure is in.' })
  collectionId(@Parent() atlas: AtlasType) {
    return part(atlas, ({ collection }, row) => valueAt(collection, row));
  }

  @ResolveField(() => [Int], { nullable: 'items', description: 'The place in `clusters`.' })
  cluster(@Parent() atlas: AtlasType) {
    return part(atlas, ({ cluster }, row) => (cluster[row] === noCluster ? null : cluster[row]));
  }

  @ResolveField(() => [AtlasClusterType], { description: 'The dense parts of the map, the largest first; at most 60.' })
  async clusters(@Parent() { read }: AtlasType): Promise<readonly AtlasClusterType[]> {
    const { columns } = await read();
    return columns.clusters.map((one, at) => ({ ...one, text: one.words.join(', ') || `Cluster ${at + 1}` }));
  }

  @ResolveField(() => PageInfoType)
  async pageInfo(@Parent() { read }: AtlasType): Promise<PageInfoType> {
    const { columns, from, to } = await read();
    const cursor = (at: number): string | null => (from === to ? null : listCursor(columns.rows[at] ?? 0));
    return {
      ...{ hasNextPage: to < columns.rows.length, hasPreviousPage: from > 0 },
      ...{ startCursor: cursor(from), endCursor: cursor(to - 1) },
    };
  }

  private async describe(viewer: Viewer, args: AtlasArgs): Promise<AtlasType> {
    return this.toAtlas(viewer, args, await this.corpusAtlas.status(viewer));
  }

  private toAtlas(viewer: Viewer, args: AtlasArgs, { generation, ...status }: AtlasStatus): AtlasType {
    const { collectionId = null, filter = null, figureIds = null } = args;
    const request: AtlasRequest = { collectionId, filter, figureIds };
    let columns: Promise<AtlasColumns> | null = null;
    const read = async () => atlasPage(await (columns ??= this.corpusAtlas.points(viewer, request)), args);
    return { ...status, generation: generation ?? '', pointsUrl: pointsUrl(request), read };
  }
}

async function part<Value>({ read }: AtlasType, valueOf: (columns: AtlasColumns, row: number) => Value) {
  const { columns, from, to } = await read();
  return Array.from({ length: to - from }, (_, at) => valueOf(columns, from + at));
}

function valueAt({ codes, values }: CodedColumn, row: number): string | null {
  return values[codes[row] ?? noValue] ?? null;
}
