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

export interface CollectionItem {
  readonly figureId: FigureId;
  readonly note: string | null;
  readonly addedAt: Date;
}

/** What is to be changed; an absent value stays as it is. */
export interface CollectionChange {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
}

const maxNameLength = 200;
const maxTextLength = 5000;

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
