import { FigseekError } from './errors.js';

/** A part of a list that is ordered by row number: what is added later comes behind, so no page repeats or skips. */
export interface SeqPage<Item> {
  readonly items: readonly (Item & { readonly seq: number })[];
  readonly hasNextPage: boolean;
}

/** A part of a list that is ordered by something else. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly hasNextPage: boolean;
}

/** Most hits that any server can be configured to give. */
const maxFirstEver = 1000;

/**
 * How many items a page gets.
 * @param most that this server gives: a request for more gets as many, as the schema's default knows nothing of it
 * @throws {FigseekError} BAD_USER_INPUT
 */
export function validateFirst(first: number, most: number): number {
  if (!Number.isInteger(first) || first < 1 || first > maxFirstEver) {
    throw new FigseekError('BAD_USER_INPUT', `Expected first to be from 1 to ${maxFirstEver} but received ${first}`);
  }
  return Math.min(first, most);
}

/** @param rows one more than the page holds, where there is one */
export function toPage<Item>(rows: readonly (Item & { readonly seq: number })[], first: number): SeqPage<Item> {
  return { items: rows.slice(0, first), hasNextPage: rows.length > first };
}
