import { Args, Context, ID, Query, Resolver } from '@nestjs/graphql';
import { FigseekError } from '../../../domain/errors.js';
import { toMaskJobType, toMaskType } from '../masks/mask.types.js';
import type { GraphContext } from '../server/graph-context.js';
import type { Loaders } from '../search/loaders.js';
import { NodeType, type NodeKind } from './types.js';

const maxNodes = 1000;

@Resolver(() => NodeType)
export class NodeResolver {
  @Query(() => NodeType, { nullable: true, description: 'Anything that has an id.' })
  node(@Args('id', { type: () => ID }) id: string, @Context() { loaders }: GraphContext) {
    return load(loaders, id);
  }

  @Query(() => [NodeType], {
    nullable: 'items',
    description: 'In the order of the ids; null for one that is not there.',
  })
  nodes(@Args('ids', { type: () => [ID] }) ids: string[], @Context() { loaders }: GraphContext) {
    if (ids.length <= maxNodes) return ids.map((id) => load(loaders, id));
    throw new FigseekError('BAD_USER_INPUT', `Expected at most ${maxNodes} ids but received ${ids.length}`);
  }
}

/** The beginning of an id says of what kind it is. */
const kinds: Readonly<Record<string, readonly [NodeKind, (loaders: Loaders, id: string) => Promise<object | null>]>> = {
  fig: ['Figure', (loaders, id) => loaders.figure.load(id)],
  pan: ['Panel', (loaders, id) => loaders.panel.load(id)],
  art: ['Article', (loaders, id) => loaders.article.load(id)],
  col: ['Collection', (loaders, id) => loaders.collection.load(id)],
  msk: ['Mask', async (loaders, id) => mapped(await loaders.mask.load(id), toMaskType)],
  run: ['IngestRun', (loaders, id) => loaders.ingestRun.load(id)],
  mjb: ['MaskJob', async (loaders, id) => mapped(await loaders.maskJob.load(id), toMaskJobType)],
};

function mapped<Found, Type extends object>(found: Found | null, toType: (found: Found) => Type): Type | null {
  return found === null ? null : toType(found);
}

async function load(loaders: Loaders, id: string): Promise<object | null> {
  const prefix = id.split('_', 1)[0] ?? '';
  // Not of every name that an object has: “constructor” is no kind.
  const kind = Object.hasOwn(kinds, prefix) ? kinds[prefix] : undefined;
  const found = (await kind?.[1](loaders, id)) ?? null;
  return found === null ? null : { ...found, nodeKind: kind?.[0] };
}
