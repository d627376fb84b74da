import { FigseekError } from './errors.js';
import type { CollectionId, FigureId } from './ids.js';

/** Figures that a curator keeps together. */
export interface Collection {
  readonly id: CollectionId;
  readonly name: string;
  readonly description: string | null;
  /** Figures in it. */
  readonly size: number;
  readonly createdAt: Date;
}

/** What a curator says of a figure in view of a collection; the figure need not be a member. */
export type Rating = 'RELEVANT' | 'IRRELEVANT';

export interface CollectionItem {
  readonly figureId: FigureId;
  readonly note: string | null;
  readonly tags: readonly string[];
  /** Null where nobody rated it. */
  readonly rating: Rating | null;
  readonly addedAt: Date;
}

/** A figure that was rated in view of a collection. */
export interface RatedFigure {
  readonly figureId: FigureId;
  readonly rating: Rating;
  readonly ratedAt: Date;
  readonly isMember: boolean;
}

/** What is to be changed of an item; an absent value stays as it is. */
export interface CollectionItemChange {
  readonly note?: string | null | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** What is to be changed; an absent value stays as it is. */
export interface CollectionChange {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
}

/** So long a deleted collection, and what was said of a removed member, can be restored. */
const restorableDays = 30;
const msPerDay = 86_400_000;

/** What was deleted or removed before this time cannot be restored (milliseconds). */
export function restorableSince(): number {
  return Date.now() - restorableDays * msPerDay;
}

const maxNameLength = 200;
const maxTextLength = 5000;
const maxTags = 50;
const maxTagLength = 100;

/** @returns the name without spaces around it. @throws {FigseekError} BAD_USER_INPUT for none, or one too long */
export function validateName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > maxNameLength) {
    throw new FigseekError(
      'BAD_USER_INPUT',
      `Expected a name of 1 to ${maxNameLength} characters but received ${trimmed.length}`,
    );
  }
  return trimmed;
}

/** A description or a note; null for an empty one. @throws {FigseekError} BAD_USER_INPUT for one too long */
export function validateText(text: string | null | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  if (trimmed.length > maxTextLength) {
    throw new FigseekError(
      'BAD_USER_INPUT',
      `Expected a text of at most ${maxTextLength} characters but received ${trimmed.length}`,
    );
  }
  return trimmed === '' ? null : trimmed;
}

/** @returns the tags without spaces around them, each once. @throws {FigseekError} BAD_USER_INPUT */
export function validateTags(tags: readonly string[]): readonly string[] {
  const trimmed = [...new Set(tags.map((tag) => tag.trim().normalize('NFC')))];
  if (trimmed.length > maxTags) {
    throw new FigseekError('BAD_USER_INPUT', `Expected at most ${maxTags} tags but received ${trimmed.length}`);
  }
  const wrong = trimmed.find((tag) => tag === '' || tag.length > maxTagLength);
  if (wrong === undefined) return trimmed;
  throw new FigseekError(
    'BAD_USER_INPUT',
    `Expected tags of 1 to ${maxTagLength} characters but received one of ${wrong.length}`,
  );
}

export function noDeletedCollection(id: string): FigseekError {
  return new FigseekError(
    'NOT_FOUND',
    `There is no collection ${id.slice(0, 60)} that was deleted in the last ${restorableDays} days`,
  );
}

export function notAMember(figureId: string, collectionId: string): FigseekError {
  return new FigseekError(
    'NOT_FOUND',
    `The figure ${figureId.slice(0, 60)} is not in the collection ${collectionId.slice(0, 60)}`,
  );
}

export function unknownCollection(id: string): FigseekError {
  return new FigseekError('NOT_FOUND', `There is no collection ${id.slice(0, 60)}`);
}

/** @param ids figures that do not exist; the first three are named */
export function unknownFigures(ids: readonly string[]): FigseekError {
  const named = ids
    .slice(0, 3)
    .map((id) => id.slice(0, 60))
    .join(', ');
  return new FigseekError('NOT_FOUND', `There is no figure ${named}; nothing was added`);
}
