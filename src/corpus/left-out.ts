import { leftOutCodes, type IngestFault } from '../domain/ingest-run.js';
import type { UnknownKey } from '../domain/figure-record.js';

/** A key that no record may have, over all records that have it. */
export interface LeftOutKey extends UnknownKey {
  readonly records: number;
  /** The first record that has it. */
  readonly first: string;
}

/** More different keys than this are counted together: data may stand where keys are expected. */
const maxKeys = 200;
const beyond = '(other keys)';
const maxKeyLength = 200;

/** Counts the unknown keys of a run. */
export class LeftOutKeys {
  private readonly found = new Map<string, LeftOutKey>();

  add(recordId: string, keys: readonly UnknownKey[]): void {
    const counted = keys
      .map(({ key, meant }) => ({ key: key.slice(0, maxKeyLength), meant }))
      .map((one) => (this.isNew(one.key) ? { key: beyond, meant: null } : one));
    const names = new Map(counted.map((one) => [one.key, one]));
    for (const { key, meant } of names.values()) {
      const before = this.found.get(key);
      this.found.set(
        key,
        before ? { ...before, records: before.records + 1 } : { key, meant, records: 1, first: recordId },
      );
    }
  }

  get all(): readonly LeftOutKey[] {
    return [...this.found.values()];
  }

  private isNew(key: string): boolean {
    return this.found.size >= maxKeys && !this.found.has(key);
  }
}

/** As it is kept with the run. */
export function keyFault({ key, meant, records, first }: LeftOutKey): IngestFault {
  const likely = meant === null ? '' : `; did you mean ${meant}?`;
  const message = `The key ${key} is not known; what ${records} records have there was left out (the first: ${first})${likely}`;
  return { sourceKey: key, code: leftOutCodes.key, message };
}
