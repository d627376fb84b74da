import {
  AddToCollectionText,
  CollectionItemsText,
  CollectionNamesText,
  CollectionsText,
  CreateCollectionText,
  DeleteCollectionText,
  ExistingFiguresText,
  ImportToCollectionText,
  OneCollectionText,
  RateFigureText,
  RemoveFromCollectionText,
  RestoreCollectionText,
  UpdateCollectionText,
  UpdateItemText,
  type AddToCollectionMutation,
  type CollectionItemsQuery,
  type CollectionNamesQuery,
  type CollectionsQuery,
  type CreateCollectionMutation,
  type ExistingFiguresQuery,
  type ImportToCollectionMutation,
  type OneCollectionQuery,
  type Rating,
  type UpdateItemMutation,
} from '../generated/operations';
import { tellOtherTabs } from '../shared/other-tabs';
import { AnswerError, ask, messageOf } from '../shared/server';
import { text } from '../text';

export type CollectionPage = CollectionsQuery['collections'];
export type CollectionSummary = CollectionPage['nodes'][number];
export type CollectionName = CollectionNamesQuery['collections']['nodes'][number];
export type CollectionDetail = NonNullable<OneCollectionQuery['collection']>;
export type ItemPage = NonNullable<CollectionItemsQuery['collection']>['items'];
export type Item = ItemPage['nodes'][number];

const itemsOfPage = 60;
const maxItemsOfPage = 200;

let changes = 0;

/** Counts what was changed here in collections and their members: what was loaded before a change is out of date. */
export function collectionChanges(): number {
  return changes;
}

/** Notes a change that another tab made. */
export function countCollectionChange(): number {
  changes++;
  return changes;
}

/** Asks for a change of a collection or its members. */
async function change<Data>(query: string, variables: object): Promise<Data> {
  const answer = await ask<Data>(query, variables);
  changes++;
  tellOtherTabs('collections');
  return answer;
}

export async function collections(after: string | null, signal: AbortSignal): Promise<CollectionPage> {
  return (await ask<CollectionsQuery>(CollectionsText, { after }, signal)).collections;
}

/** The names of the first 200, to choose from. */
export async function collectionNames(signal: AbortSignal): Promise<readonly CollectionName[]> {
  return (await ask<CollectionNamesQuery>(CollectionNamesText, {}, signal)).collections.nodes;
}

export async function oneCollection(id: string, signal: AbortSignal): Promise<CollectionDetail | null> {
  return (await ask<OneCollectionQuery>(OneCollectionText, { id }, signal)).collection ?? null;
}

/** @param wanted how many would be of use: a page has as many, up to the server's limit, and never fewer than usual */
export async function collectionItems(
  id: string,
  after: string | null,
  signal: AbortSignal,
  wanted = 0,
): Promise<ItemPage> {
  const asked = { id, first: Math.min(maxItemsOfPage, Math.max(itemsOfPage, wanted)), after };
  const { collection } = await ask<CollectionItemsQuery>(CollectionItemsText, asked, signal);
  if (collection == null) throw new AnswerError(text.collections.gone);
  return collection.items;
}

export async function createCollection(name: string, description: string | null = null) {
  return (await change<CreateCollectionMutation>(CreateCollectionText, { name, description })).createCollection;
}

export async function updateCollection(id: string, part: { readonly name?: string; readonly description?: string }) {
  await change(UpdateCollectionText, { id, ...part });
}

export async function deleteCollection(id: string): Promise<void> {
  await change(DeleteCollectionText, { id });
}

/** So many figures go into one request: the server bounds the length of lists. */
const figuresOfRequest = 200;

interface Added {
  /** Of the collection. */
  readonly name: string;
  /** How many figures are in it now, of those that were to be. */
  readonly added: number;
  /** How many were deleted from the corpus meanwhile. */
  readonly gone: number;
}

/** Adds figures; those that are in already stay where they are, and those that were deleted meanwhile are left out. */
export async function addToCollection(id: string, figureIds: readonly string[]): Promise<Added> {
  let done: Added = { name: '', added: 0, gone: 0 };
  for (let from = 0; from < figureIds.length; from += figuresOfRequest) {
    const part = figureIds.slice(from, from + figuresOfRequest);
    const { name, added } = await addPart(id, part);
    done = { name, added: done.added + added, gone: done.gone + part.length - added };
  }
  return done;
}

/** The server adds all or none: where some are gone, the others are added. */
async function addPart(id: string, figureIds: readonly string[]): Promise<Omit<Added, 'gone'>> {
  const add = async (ids: readonly string[]): Promise<Omit<Added, 'gone'>> => {
    const { addToCollection: made } = await change<AddToCollectionMutation>(AddToCollectionText, {
      id,
      figureIds: ids,
    });
    return { name: made.name, added: ids.length };
  };
  try {
    return await add(figureIds);
  } catch (error) {
    if (!(error instanceof AnswerError && error.code === 'NOT_FOUND')) throw error;
    const { nodes } = await ask<ExistingFiguresQuery>(ExistingFiguresText, { ids: figureIds });
    const left = nodes.flatMap((node) => (node === null ? [] : [node.id]));
    if (left.length === 0 || left.length === figureIds.length) throw error;
    return add(left);
  }
}

/**
 * Makes a collection of figures; where they cannot be added there is none afterwards.
 * @throws {AnswerError} which says why, and whether the collection could not be taken away again
 */
export async function collectAnew(name: string, figureIds: readonly string[]): Promise<Added> {
  const { id } = await createCollection(name);
  try {
    return await addToCollection(id, figureIds);
  } catch (error) {
    const isGone = await deleteCollection(id).then(
      () => true,
      () => false,
    );
    const words = isGone ? text.collections.notMade : text.collections.madeInPart;
    throw new AnswerError(words(name, messageOf(error)));
  }
}

export async function removeFromCollection(id: string, figureIds: readonly string[]): Promise<void> {
  for (let from = 0; from < figureIds.length; from += figuresOfRequest) {
    await change(RemoveFromCollectionText, { id, figureIds: figureIds.slice(from, from + figuresOfRequest) });
  }
}

export type Imported = ImportToCollectionMutation['importToCollection'];

/** Adds figures by a list of ids, one a line. @returns how many came in, and the lines that named nothing */
export async function importToCollection(id: string, list: string): Promise<Imported> {
  return (await change<ImportToCollectionMutation>(ImportToCollectionText, { id, text: list })).importToCollection;
}

/** Brings back a collection that was deleted. */
export async function restoreCollection(id: string): Promise<void> {
  await change(RestoreCollectionText, { id });
}

export async function rateFigure(collectionId: string, figureId: string, rating: Rating): Promise<void> {
  await change(RateFigureText, { collectionId, figureId, rating });
}

/** What a person writes about a member. */
export interface NotePart {
  readonly note: string;
  readonly tags: readonly string[];
}

/** Changes the note and the tags of a member. @returns them as they are kept */
export async function updateItem(
  collectionId: string,
  figureId: string,
  part: NotePart,
): Promise<UpdateItemMutation['updateCollectionItem']> {
  const asked = { collectionId, figureId, ...part };
  return (await change<UpdateItemMutation>(UpdateItemText, asked)).updateCollectionItem;
}
