import { stat } from 'node:fs/promises';
import path from 'node:path';
import { parseLabeledRecord, type LabeledRecord } from '../../domain/labeled-record.js';
import { readImageFile } from './image-file.js';
import { readJsonValues } from './records/jsonl.js';

/** What a labeled set says beside its records. */
export interface LabeledSet {
  readonly byId: ReadonlyMap<string, LabeledRecord>;
  /** The bytes of an image file that a record names. @throws {FigseekError} where it is absent or outside of the folder */
  readonly readFile: (file: string) => Promise<Uint8Array>;
}

/** Reads groups and true masks of a labeled set; a folder of images has none. */
export async function readLabeledSet(source: string): Promise<LabeledSet> {
  const byId = new Map<string, LabeledRecord>();
  if (!(await stat(source)).isDirectory()) {
    for await (const one of readJsonValues(source)) {
      const record = one.kind === 'value' ? parseLabeledRecord(one.value) : null;
      if (record !== null) byId.set(record.id, record);
    }
  }
  const folder = path.dirname(path.resolve(source));
  return { byId, readFile: (file) => readImageFile(folder, file) };
}
