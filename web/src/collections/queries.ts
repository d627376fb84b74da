import {
  AddToCollectionText,
  CollectionItemsText,
  CollectionNamesText,
  CollectionsText,
  CreateCollectionText,
  DeleteCollectionText,
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
  type OneCollectionQuery,
  type Rating,
  type UpdateItemMutation,
} from '../generated/operations';
import { AnswerError, ask } from '../shared/server';

export type CollectionPage = CollectionsQuery['collections'];
export type CollectionSummary = CollectionPage['nodes'][number];
export type CollectionName = CollectionNamesQuery['collections']['nodes'][number];
export type CollectionDetail = NonNullable<OneCollectionQuery['collection']>;
export type ItemPage = NonNullable<CollectionItemsQuery['collection']>['items'];
export type Item = ItemPage['nodes'][number];

const itemsOfPage = 60;

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

export async function collectionItems(id: string, after: string | null, signal: AbortSignal): Promise<ItemPage> {
  const asked = { id, first: itemsOfPage, after };
  const { collection } = await ask<CollectionItemsQuery>(CollectionItemsText, asked, signal);
  if (collection == null) throw new AnswerError('There is no such collection any more');
  return collection.items;
}

export async function createCollection(name: string, description: string | null = null) {
  return (await ask<CreateCollectionMutation>(CreateCollectionText, { name, description })).createCollection;
}

export async function updateCollection(id: string, part: { readonly name?: string; readonly description?: string }) {
  await ask(UpdateCollectionText, { id, ...part });
}

export async function deleteCollection(id: string): Promise<void> {
  await ask(DeleteCollectionText, { id });
}

/** So many figures go into one request: the server bounds the length of lists. */
const figuresOfRequest = 200;

/** Adds figures; those that are in already stay where they are. @returns the collection as it is afterwards */
export async function addToCollection(id: string, figureIds: readonly string[]) {
  let collection: AddToCollectionMutation['addToCollection'] | null = null;
  for (let from = 0; from < figureIds.length; from += figuresOfRequest) {
    const part = figureIds.slice(from, from + figuresOfRequest);
    collection = (await ask<AddToCollectionMutation>(AddToCollectionText, { id, figureIds: part })).addToCollection;
  }
  return collection;
}

export async function removeFromCollection(id: string, figureIds: readonly string[]): Promise<void> {
  for (let from = 0; from < figureIds.length; from += figuresOfRequest) {
    await ask(RemoveFromCollectionText, { id, figureIds: figureIds.slice(from, from + figuresOfRequest) });
  }
}

/** Brings back a collection that was deleted. */
export async function restoreCollection(id: string): Promise<void> {
  await ask(RestoreCollectionText, { id });
}

export async function rateFigure(collectionId: string, figureId: string, rating: Rating): Promise<void> {
  await ask(RateFigureText, { collectionId, figureId, rating });
}

/** Changes the note and the tags of a member. @returns them as they are kept */
export async function updateItem(
  collectionId: string,
  figureId: string,
  part: { readonly note: string; readonly tags: readonly string[] },
): Promise<UpdateItemMutation['updateCollectionItem']> {
  const asked = { collectionId, figureId, ...part };
  return (await ask<UpdateItemMutation>(UpdateItemText, asked)).updateCollectionItem;
}
