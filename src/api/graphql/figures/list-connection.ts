import { ArgsType, Field, ID, Int } from '@nestjs/graphql';
import { FigseekError } from '../../../domain/errors.js';
import { validateFirst, type Page, type SeqPage } from '../../../domain/page.js';
import type { PageInfoType } from './types.js';

/** Of lists that are no search: ordered by the coming of their items. */
@ArgsType()
export class ListArgs {
  @Field(() => Int, { nullable: true, defaultValue: 20 }) first?: number | null;
  @Field(() => String, { nullable: true, description: 'The cursor of an item: the page behind it.' })
  after?: string | null;
}

const usualPart = 50;

/** Of lists inside an object: long enough for nearly all, and bounded for the rest, as they multiply when nested. */
@ArgsType()
export class PartArgs {
  @Field(() => Int, { nullable: true, defaultValue: usualPart, description: 'At most so many; to 1000.' })
  first?: number | null;
  @Field(() => ID, { nullable: true, description: 'The id of an item: those behind it.' }) after?: string | null;
}

const maxPart = 1000;

/**
 * A part of a list that is at hand.
 * @throws {FigseekError} BAD_USER_INPUT for a length that none can have, and where no item has the id `after`
 */
export function slicePart<Item extends { readonly id: string }>(
  items: readonly Item[],
  { first, after }: PartArgs,
): readonly Item[] {
  const from = after == null ? 0 : items.findIndex(({ id }) => id === after) + 1;
  if (after != null && from === 0) throw noSuchItem(after);
  return items.slice(from, from + validatePartLength(first));
}

/** @throws {FigseekError} BAD_USER_INPUT */
export function validatePartLength(first: number | null | undefined, usual = usualPart): number {
  return validateFirst(first ?? usual, maxPart);
}

export function noSuchItem(after: string): FigseekError {
  return new FigseekError(
    'BAD_USER_INPUT',
    `Expected \`after\` to be the id of an item of the list but received ${after.slice(0, 60)}`,
  );
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
  return connectionOf(edges, { hasNextPage, hasPreviousPage: after > 0 });
}

/** Of a list in an order of its own. */
export function toConnection<Item>(
  { items, hasNextPage }: Page<Item>,
  hasPreviousPage: boolean,
  toCursor: (item: Item) => string,
): Connection<Item> {
  const edges = items.map((node) => ({ cursor: toCursor(node), node }));
  return connectionOf(edges, { hasNextPage, hasPreviousPage });
}

function connectionOf<Node>(
  edges: Connection<Node>['edges'],
  pages: Pick<PageInfoType, 'hasNextPage' | 'hasPreviousPage'>,
): Connection<Node> {
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      ...pages,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function cursorOf(list: string, seq: number): string {
  return Buffer.from(`${list}:${seq}`).toString('base64url');
}

/** @returns the row number behind which the page begins. @throws {FigseekError} BAD_USER_INPUT */
export function parseListCursor(list: string, cursor: string | null | undefined): number {
  if (cursor == null) return 0;
  const [name, seq = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(':');
  if (name === list && /^\d{1,15}$/.test(seq)) return Number(seq);
  throw new FigseekError('BAD_USER_INPUT', `Expected \`after\` to be a cursor of ${list} but received something else`);
}
