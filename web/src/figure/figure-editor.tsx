import { useState } from 'preact/hooks';
import {
  EditedFieldsText,
  FigureEditsText,
  ReleaseEditsText,
  UpdateFigureText,
  type EditedFieldsQuery,
  type FigureEditsQuery,
  type UpdateFigureInput,
} from '../generated/operations';
import { ChipField, isSameList, wordsOf, type Chips } from '../shared/chip-field';
import { useLoading } from '../shared/load';
import { ask } from '../shared/server';
import { useUnsaved } from '../shared/unsaved';
import { useWork } from '../shared/use-work';
import { text } from '../text';
import type { FigureDetail } from './queries';

interface FigureEditorProps {
  readonly figure: FigureDetail;
  readonly onSaved: () => void;
  readonly onCancel: () => void;
}

const fieldNames = ['caption', 'labels', 'modality', 'license'] as const;
type FieldName = (typeof fieldNames)[number];

interface Fields {
  readonly caption: string;
  readonly labels: Chips;
  readonly modality: string;
  readonly license: string;
}

type Edited = Pick<FigureDetail, 'caption' | 'labels' | 'modality' | 'license'>;

function fieldsOf({ caption, labels, modality, license }: Edited): Fields {
  return { caption, labels: { values: labels, draft: '' }, modality: modality ?? '', license: license ?? '' };
}

/** Only what was changed: what a person does not touch goes on following the record. */
function changesOf(before: Fields, after: Fields): UpdateFigureInput {
  const labels = wordsOf(after.labels);
  return {
    ...(after.caption === before.caption ? {} : { caption: after.caption.trim() }),
    ...(isSameList(labels, before.labels.values) ? {} : { labels: [...labels] }),
    ...(after.modality === before.modality ? {} : { modality: after.modality.trim() }),
    ...(after.license === before.license ? {} : { license: after.license.trim() }),
  };
}

/** That somebody else changed the same fields meanwhile. */
interface Conflict {
  readonly names: readonly FieldName[];
  /** All fields as they are now. */
  readonly now: Fields;
}

/**
 * Saves a change of fields, unless somebody else changed the same ones meanwhile.
 * @param before the fields as the person knows them
 * @returns null where the change was saved
 */
async function saveFields(id: string, before: Fields, input: UpdateFigureInput): Promise<Conflict | null> {
  const { figure } = await ask<EditedFieldsQuery>(EditedFieldsText, { id });
  const now = figure == null ? before : fieldsOf(figure);
  const meanwhile = changesOf(before, now);
  const names = fieldNames.filter((name) => name in input && name in meanwhile);
  if (names.length > 0) return { names, now };
  await ask(UpdateFigureText, { id, input });
  return null;
}

/** Caption, labels, modality and license of a figure, changed by hand; with the history of such changes. */
export function FigureEditor({ figure, onSaved, onCancel }: FigureEditorProps) {
  const [before, setBefore] = useState(() => fieldsOf(figure));
  const [fields, setFields] = useState(before);
  const [meanwhile, setMeanwhile] = useState<readonly FieldName[]>([]);
  const { run, isWorking, problem } = useWork();
  const input = changesOf(before, fields);
  const isChanged = Object.keys(input).length > 0;
  useUnsaved(isChanged);
  const put = (part: Partial<Fields>): void => {
    setFields((all) => ({ ...all, ...part }));
  };
  const follow = (conflict: Conflict | null): void => {
    if (conflict === null) {
      onSaved();
      return;
    }
    const { names, now } = conflict;
    const own = fieldNames.filter((name) => name in input);
    setMeanwhile(names);
    // What the person did not touch is as the other one left it.
    setFields((all) => ({ ...now, ...Object.fromEntries(own.map((name) => [name, all[name]])) }));
    setBefore(now);
  };
  return (
    <form
      class="words figure-editor"
      onSubmit={(event) => {
        event.preventDefault();
        if (isWorking) return;
        if (isChanged) run(saveFields(figure.id, before, input), follow);
        else onCancel();
      }}
    >
      <p class="quiet">{text.edits.hint}</p>
      <label>
        {text.edits.fields.caption}
        <textarea
          rows={8}
          value={fields.caption}
          onInput={(event) => {
            put({ caption: event.currentTarget.value });
          }}
        />
      </label>
      <ChipField
        label={text.edits.fields.labels}
        chips={fields.labels}
        onChange={(labels) => {
          put({ labels });
        }}
      />
      {(['modality', 'license'] as const).map((name) => (
        <label key={name}>
          {text.edits.fields[name]}
          <input
            value={fields[name]}
            onInput={(event) => {
              put({ [name]: event.currentTarget.value });
            }}
          />
        </label>
      ))}
      {meanwhile.length > 0 && <p role="alert">{text.edits.changedMeanwhile(namesInWords(meanwhile, before))}</p>}
      {problem !== null && <p role="alert">{problem}</p>}
      <p>
        <button type="submit" class="primary">
          {text.edits.save}
        </button>{' '}
        <button type="button" onClick={onCancel}>
          {text.figure.cancel}
        </button>
      </p>
      <History
        figureId={figure.id}
        onRelease={() => {
          run(ask(ReleaseEditsText, { id: figure.id }), onSaved);
        }}
      />
    </form>
  );
}

async function editsOf(id: string, signal: AbortSignal) {
  return (await ask<FigureEditsQuery>(FigureEditsText, { id }, signal)).figure?.edits.nodes ?? [];
}

function History({ figureId, onRelease }: { readonly figureId: string; readonly onRelease: () => void }) {
  const edits = useLoading(figureId, (signal) => editsOf(figureId, signal));
  if (edits.state !== 'ready' || edits.data.length === 0) return null;
  return (
    <details open>
      <summary>{text.edits.history(edits.data.length)}</summary>
      <ol class="history">
        {edits.data.map(({ editedAt, editor, field, from, to, isRelease }, index) => (
          <li key={index}>
            <time dateTime={editedAt}>{new Date(editedAt).toLocaleString()}</time>, {editor}:{' '}
            {isRelease ? text.edits.released(field) : text.edits.changed(field, inWords(from), inWords(to))}
          </li>
        ))}
      </ol>
      <button type="button" title={text.edits.releaseHint} onClick={onRelease}>
        {text.edits.release}
      </button>
    </details>
  );
}

/** Fields with their values. */
function namesInWords(names: readonly FieldName[], fields: Fields): string {
  const valueOf = (name: FieldName): unknown => (name === 'labels' ? fields.labels.values : fields[name]);
  return names.map((name) => `${text.edits.fields[name]} (${inWords(valueOf(name))})`).join('; ');
}

const shownLength = 80;

function inWords(value: unknown): string {
  const words = Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : '';
  if (words === '') return text.edits.nothing;
  return words.length > shownLength ? `“${words.slice(0, shownLength)}…”` : `“${words}”`;
}
