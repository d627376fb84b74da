import { useState } from 'preact/hooks';
import {
  FigureEditsText,
  ReleaseEditsText,
  UpdateFigureText,
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

interface Fields {
  readonly caption: string;
  readonly labels: Chips;
  readonly modality: string;
  readonly license: string;
}

function fieldsOf({ caption, labels, modality, license }: FigureDetail): Fields {
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

/** Caption, labels, modality and license of a figure, changed by hand; with the history of such changes. */
export function FigureEditor({ figure, onSaved, onCancel }: FigureEditorProps) {
  const [before] = useState(() => fieldsOf(figure));
  const [fields, setFields] = useState(before);
  const { run, problem } = useWork();
  const input = changesOf(before, fields);
  const isChanged = Object.keys(input).length > 0;
  useUnsaved(isChanged);
  const put = (part: Partial<Fields>): void => {
    setFields((all) => ({ ...all, ...part }));
  };
  return (
    <form
      class="words figure-editor"
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged) run(ask(UpdateFigureText, { id: figure.id, input }), onSaved);
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

const shownLength = 80;

function inWords(value: unknown): string {
  const words = Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : '';
  if (words === '') return text.edits.nothing;
  return words.length > shownLength ? `“${words.slice(0, shownLength)}…”` : `“${words}”`;
}
