import { z } from 'zod';

const labeledRecord = z.object({
  id: z.string().min(1).max(500),
  group: z.string().min(1).max(500).nullish(),
  masks: z
    .array(z.object({ prompt: z.string().trim().min(1).max(500), file: z.string().min(1).max(4096) }))
    .max(100)
    .nullish(),
});

/** What a labeled set may say of a record beside what an ingest reads (docs/evaluation.md). */
export interface LabeledRecord {
  readonly id: string;
  /** What records of one patient or article share; null where the set does not say. */
  readonly group: string | null;
  /** True masks, each an image file of the figure's size whose bright pixels are the object. */
  readonly masks: readonly TrueMask[];
}

export interface TrueMask {
  readonly prompt: string;
  /** Relative to the file of the set. */
  readonly file: string;
}

/** @returns null where the value has no id, or its `group` or `masks` have another form */
export function parseLabeledRecord(value: unknown): LabeledRecord | null {
  const parsed = labeledRecord.safeParse(value);
  if (!parsed.success) return null;
  const { id, group, masks } = parsed.data;
  return { id, group: group ?? null, masks: masks ?? [] };
}
