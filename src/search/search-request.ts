import { FigseekError } from '../domain/errors.js';
import type { Channel } from '../domain/search.js';

/** Where the image of a query comes from. */
export type ImageReference =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'upload'; readonly id: string }
  | { readonly kind: 'figure'; readonly id: string }
  | { readonly kind: 'panel'; readonly id: string };

export interface SearchRequest {
  readonly text: string | null;
  /** Text to move away from: its vector is taken off the query's. */
  readonly not: string | null;
  readonly image: ImageReference | null;
  /** Null: all that apply to the query. */
  readonly channels: readonly Channel[] | null;
  readonly first: number;
  /** Compare with every vector in place of the approximate index. */
  readonly exact: boolean;
}

const longestText = 4096;

/** Most hits that any server can be configured to give. */
const mostEver = 1000;

/**
 * Checks a request before anything is computed.
 * @param maxFirst most hits that this server gives; a request for more gets as many
 * @returns the request with its text trimmed, its channels and its number of hits decided
 * @throws {FigseekError} BAD_USER_INPUT saying what was expected
 */
export function checkedRequest(
  request: SearchRequest,
  maxFirst: number,
): SearchRequest & { channels: readonly Channel[] } {
  const text = checkedText(request.text);
  if (text === null && request.image === null) {
    throw new FigseekError('BAD_USER_INPUT', 'The query is empty: give a text or an image');
  }
  if (!Number.isInteger(request.first) || request.first < 1 || request.first > mostEver) {
    throw new FigseekError(
      'BAD_USER_INPUT',
      `Expected first to be from 1 to ${mostEver} but received ${request.first}`,
    );
  }
  const applicable: readonly Channel[] = text === null ? ['IMAGE', 'CAPTION'] : ['IMAGE', 'CAPTION', 'KEYWORD'];
  const channels = [...new Set(request.channels ?? applicable)];
  if (channels.length === 0)
    throw new FigseekError('BAD_USER_INPUT', 'Expected at least one channel but received none');
  if (text === null && channels.includes('KEYWORD')) {
    throw new FigseekError('BAD_USER_INPUT', 'The channel KEYWORD needs a text; this query has only an image');
  }
  // The schema's default and the page know nothing of a lower limit of this server: they get what it gives.
  return { ...request, first: Math.min(request.first, maxFirst), text, not: checkedText(request.not), channels };
}

function checkedText(text: string | null): string | null {
  if (text === null || text.trim() === '') return null;
  if (text.length > longestText) {
    throw new FigseekError(
      'BAD_USER_INPUT',
      `Expected a text of at most ${longestText} characters but received ${text.length}`,
    );
  }
  return text.trim();
}
