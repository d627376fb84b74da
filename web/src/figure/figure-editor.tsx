import { useState } from 'preact/hooks';
import {
  FigureEditsText,
  ReleaseEditsText,
  UpdateFigureText,
  type FigureEditsQuery,
  type UpdateFigureInput,
} from '../generated/operations';
import { useLoading } from '../shared/load';
import { ask } from '../shared/server';
import { useWork } from '../shared/use-work';
import { text } from '../text';
import type { FigureDetail } from './queries';

interface FigureEditorProps {
  readonly figure: FigureDetail;
  readonly onSaved: () => void;
  readonly onCancel: () => void;
}

type Fields = Readonly<Record<'caption' | 'labels' | 'modality' | 'license', string>>;

function fieldsOf({ caption, labels, modality, license }: FigureDetail): Fields {
  return { caption, labels: labels.join(', '), modality: modality ?? '', license: license ?? '' };
}

/** Only what was changed: what a person does not touch goes on following the record. */
function changesOf(before: Fields, after: Fields): UpdateFigureInput {
  const isChanged = (name: keyof Fields): boolean => before[name] !== after[name];
  const labels = after.labels.split(',').map((label) => label.trim());
  return {
    ...(isChanged('caption') ? { caption: after.caption.trim() } : {}),
    ...(isChanged('labels') ? { labels: [...new Set(labels.filter((label) => label !== ''))] } : {}),
    ...(isChanged('modality') ? { modality: after.modality.trim() } : {}),
    ...(isChanged('license') ? { license: after.license.trim() } : {}),
  };
}

/** Caption, labels, modality and license of a figure, changed by hand; with the history of such changes. */
export function FigureEditor({ figure, onSaved, onCancel }: FigureEditorProps) {
  const before = fieldsOf(figure);
  const [fields, setFields] = useState(before);
  const { run, problem } = useWork();
  return (
    <form
      class="words figure-editor"
      onSubmit={(event) => {
        event.preventDefault();
        const input = changesOf(before, fields);
        if (Object.keys(input).length === 0) onCancel();
        else run(ask(UpdateFigureText, { id: figure.id, input }), onSaved);
      }}
    >
      <p class="quiet">{text.edits.hint}</p>
      {(['caption', 'labels', 'modality', 'license'] as const).map((name) => (
        <Field
          key={name}
          label={text.edits.fields[name]}
          isLong={name === 'caption'}
          value={fields[name]}
          onChange={(value) => {
            setFields((all) => ({ ...all, [name]: value }));
          }}
        />
      ))}
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

interface FieldProps {
  readonly label: string;
  readonly isLong: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Field({ label, isLong, value, onChange }: FieldProps) {
  return (
    <label>
      {label}
      {isLong ? (
        <textarea
          rows={8}
          value={value}
          onInput={(event) => {
            onChange(event.currentTarget.value);
          }}
        />
      ) : (
        <input
          value={value}
          onInput={(event) => {
            onChange(event.currentTarget.value);
          }}
        />
      )}
    </label>
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

const shownLength = 80;

function inWords(value: unknown): string {
  const words = Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : '';
  if (words === '') return text.edits.nothing;
  return words.length > shownLength ? `“${words.slice(0, shownLength)}…”` : `“${words}”`;
}
