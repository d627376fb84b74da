import { ArgsType, Field, Int } from '@nestjs/graphql';
import { FigseekError } from '../../domain/errors.js';
import type { SeqPage } from '../../domain/page.js';
import type { PageInfoType } from './types.js';

/** Of lists that are no search: ordered by the coming of their items. */
@ArgsType()
export class ListArgs {
  @Field(() => Int, { nullable: true, defaultValue: 20 }) first?: number | null;
  @Field(() => String, { nullable: true, description: 'The cursor of an item: the page behind it.' })
  after?: string | null;
}

interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: PageInfoType;
}

/** @param list its name: a cursor of another list is refused */
export function toListConnection<Item, Node>(
  list: string,
  { items, hasNextPage }: SeqPage<Item>,
  after: number,
  toNode: (item: Item & { readonly seq: number }) => Node,
): Connection<Node> {
  const edges = items.map((item) => ({ cursor: cursorOf(list, item.seq), node: toNode(item) }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage,
      hasPreviousPage: after > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function cursorOf(list: string, seq: number): string {
  return Buffer.from(`${list}:${seq}`).toString('base64url');
}

/** @returns the row number behind which the page begins. @throws {FigseekError} BAD_USER_INPUT */
export function seqOf(list: string, cursor: string | null | undefined): number {
  if (cursor == null) return 0;
  const [name, seq = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(':');
  if (name === list && /^\d{1,15}$/.test(seq)) return Number(seq);
  throw new FigseekError('BAD_USER_INPUT', `Expected \`after\` to be a cursor of ${list} but received something else`);
}
