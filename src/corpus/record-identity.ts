import { figureIdInSource, figureIdOf } from '../domain/ids.js';
import type { RecordSource, StoredRecord } from '../domain/record-source.js';
import type { RecordIdentity } from './prepared-record.js';

/** What a record of a source is to the corpus. */
export type RecordMatch =
  | { readonly kind: 'new'; readonly identity: RecordIdentity }
  | {
      readonly kind: 'stored';
      readonly identity: RecordIdentity;
      readonly stored: NonNullable<StoredRecord['stored']>;
      /** Whether the figure belonged to no source until now. */
      readonly isAdopted: boolean;
    }
  /** A person deleted its figure. */
  | { readonly kind: 'deleted'; readonly identity: RecordIdentity }
  /** It looks like a figure of another source; nobody has said that it is not. */
  | { readonly kind: 'foreign'; readonly owner: string };

/**
 * Finds the figure that a record stands for. Keys tell records apart within their source: another source may use the same
 * key for another image. A record with the key and the image of another source's figure is that source's, moved or
 * copied, unless its source was named by a person.
 * @param known what any source has under the record's key
 */
export function matchRecord(
  record: { readonly key: string; readonly imageHash: string },
  known: readonly StoredRecord[],
  source: RecordSource,
): RecordMatch {
  const { key, imageHash } = record;
  const own = known.find((other) => other.source === source.name && other.stored !== null);
  const unassigned = known.find(
    ({ source: owner, stored }) =>
      owner === '' && stored !== null && (source.isOlderThanSources || stored.imageHash === imageHash),
  );
  const match = own ?? unassigned;
  if (match?.stored != null) {
    const identity = { id: match.id, source: source.name };
    return { kind: 'stored', identity, stored: match.stored, isAdopted: match !== own };
  }
  const deleted = known.find(
    (other) =>
      other.stored === null && (other.source === source.name || (other.source === '' && source.isOlderThanSources)),
  );
  if (deleted !== undefined) {
    // Another source may have a figure under that id meanwhile.
    const isTaken = known.some(({ id, stored }) => id === deleted.id && stored !== null);
    const id = isTaken ? figureIdInSource(source.name, key) : deleted.id;
    return { kind: 'deleted', identity: { id, source: source.name } };
  }
  const owner = known.find(({ stored }) => stored?.imageHash === imageHash);
  if (owner !== undefined && !source.isNamed) return { kind: 'foreign', owner: owner.source };
  const id = known.length === 0 ? figureIdOf(key) : figureIdInSource(source.name, key);
  return { kind: 'new', identity: { id, source: source.name } };
}
