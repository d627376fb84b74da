import type { Figure } from './figure.js';

/** What a person can change of a figure. */
export type EditableValues = Pick<Figure, 'caption' | 'labels' | 'modality' | 'license' | 'licenseText'>;
export type EditableField = keyof EditableValues;

/** New values of some fields. */
export type FigureChange = Partial<EditableValues>;

/** Of each field that a person changed: what the person says, and what the record says. */
export type KeptEdits = { readonly [Field in EditableField]?: KeptEdit<EditableValues[Field]> };

interface KeptEdit<Value> {
  readonly value: Value;
  readonly record: Value;
}

/** What people changed of a figure, as it is stored. */
export interface FigureEdits {
  /** Milliseconds; tells one change from the next, also after all were given up. */
  readonly at: number;
  readonly kept: KeptEdits;
}

/** One change of one field. */
export interface FigureEdit {
  readonly field: EditableField;
  readonly from: EditableValues[EditableField];
  readonly to: EditableValues[EditableField];
  /** Whether the field was given back to its record. */
  readonly isRelease: boolean;
  /** Who changed it: the kind of viewer, as there are no accounts yet. */
  readonly editor: string;
  readonly editedAt: Date;
}

/** What people say. */
export function editedValues(kept: KeptEdits): FigureChange {
  return ofEach(kept, (edit) => edit.value);
}

/** What the record says of the fields that people changed. */
export function recordValues(kept: KeptEdits): FigureChange {
  return ofEach(kept, (edit) => edit.record);
}

/** Edits over a record that was read again: people's values stay, and the record's are those that it has now. */
export function editsOver(kept: KeptEdits, record: EditableValues): KeptEdits {
  return Object.fromEntries(
    Object.entries(editedValues(kept)).map(([field, value]) => [
      field,
      { value, record: record[field as EditableField] },
    ]),
  );
}

/** Edits with a further change. @param present the values before it */
export function withChange(kept: KeptEdits, change: FigureChange, present: EditableValues): KeptEdits {
  const record = { ...present, ...recordValues(kept) };
  const changed = Object.entries(change).map(([field, value]) => [
    field,
    { value, record: record[field as EditableField] },
  ]);
  return { ...kept, ...(Object.fromEntries(changed) as KeptEdits) };
}

function ofEach(kept: KeptEdits, of: (edit: KeptEdit<unknown>) => unknown): FigureChange {
  return Object.fromEntries(Object.entries(kept).map(([field, edit]) => [field, of(edit)]));
}
