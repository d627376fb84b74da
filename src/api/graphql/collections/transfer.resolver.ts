import { Args, Context, ID, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CollectionImport } from '../../../corpus/collection-import.js';
import type { GraphContext } from '../server/graph-context.js';
import { CollectionType } from './collection.types.js';
import { CollectionExportFormat, CollectionImportType, maxListedUnknown } from './transfer.types.js';

@Resolver(() => CollectionType)
export class CollectionTransferResolver {
  constructor(private readonly lists: CollectionImport) {}

  @ResolveField(() => String, { description: 'The address from which the collection is downloaded as a file.' })
  exportUrl(
    @Parent() { id }: CollectionType,
    @Args('format', { type: () => CollectionExportFormat }) format: CollectionExportFormat,
  ): string {
    return `/collections/${encodeURIComponent(id)}/export?format=${format.toLowerCase().replace('_', '-')}`;
  }

  @Mutation(() => CollectionImportType, {
    description:
      'Adds figures from a list: ids of figures, DOIs, PMC ids and `PMID:` with a number, one a line, at most 1000 lines and 1000 figures. An article stands for all of its figures. Empty lines, and those that begin with #, are passed over.',
  })
  async importToCollection(
    @Args('id', { type: () => ID }) id: string,
    @Args('text') text: string,
    @Context() { viewer }: GraphContext,
  ): Promise<CollectionImportType> {
    const { unknown, ...report } = await this.lists.run(viewer, id, text);
    return { ...report, unknown: unknown.slice(0, maxListedUnknown), unknownCount: unknown.length };
  }
}
