import type { FigureId } from '../domain/ids.js';
import type { RecordSource, StoredRecord } from '../domain/record-source.js';

/** The sources of records, and what is stored of each. */
export abstract class SourceStore {
  /**
   * The source of an input: the one that is named, else the one that the input had before, else a new one with the name of
   * the input's file or folder. It is kept.
   * @param input what is read: a path, or a fixed text
   * @throws {FigseekError} BAD_USER_INPUT for a name that cannot be one
   */
  abstract resolve(input: string, name: string | null): Promise<RecordSource>;

  /** The same without writing, for a run that stores nothing. */
  abstract preview(input: string, name: string | null): Promise<RecordSource>;

  /** What a named source reads; null where no source has this name. */
  abstract inputOf(name: string): Promise<string | null>;

  /** What the sources have under each key, deleted figures too. @param space whose image vectors are asked for */
  abstract storedRecords(keys: readonly string[], space: string): Promise<ReadonlyMap<string, readonly StoredRecord[]>>;

  /**
   * Figures of the source that reads an input, and those that are older than sources and were claimed by none.
   * @param keys of its records: a figure with another key is not its
   */
  abstract idsOfSource(input: string, keys: readonly string[]): Promise<readonly FigureId[]>;

  /**
   * Figures of a source whose records a running ingest has not read, at most `limit`; not those that others added after it
   * began.
   * @param run the id of the run
   */
  abstract unreadOf(source: string, run: string, limit: number): Promise<readonly FigureId[]>;

  /** Gives figures that are older than sources to one. */
  abstract assignSource(ids: readonly string[], source: string): Promise<void>;
}
