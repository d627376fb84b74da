import { useState } from 'preact/hooks';
import { useUnsaved } from '../shared/unsaved';
import { useWork } from '../shared/use-work';
import { text } from '../text';
import { DrawingLayer } from './drawing-layer';
import { EditableBox } from './editable-box';
import { draftsOf, isChanged, savePanels, suggestedOf, type Draft, type PanelDrafts } from './panel-drafts';
import { releasePanels, type FigureDetail } from './queries';

/** The boxes over the image; a drag on free ground draws a new one. */
export function PanelBoxes({ editing }: { readonly editing: PanelDrafts }) {
  const [drawn, setDrawn] = useState<number | null>(null);
  return (
    <DrawingLayer
      onDraw={(box) => {
        if (drawn === null) setDrawn(editing.add(box));
        else editing.change(drawn, { box });
      }}
      onEnd={() => {
        setDrawn(null);
      }}
    >
      {editing.drafts.map((draft, index) => (
        <EditableBox
          key={draft.key}
          box={draft.box}
          label={draft.label === '' ? String(index + 1) : draft.label}
          isSelected={draft.key === editing.selected}
          onSelect={() => {
            editing.select(draft.key);
          }}
          onChange={(box) => {
            editing.change(draft.key, { box });
          }}
          onRemove={() => {
            editing.remove(draft.key);
          }}
        />
      ))}
    </DrawingLayer>
  );
}

interface PanelEditorProps {
  readonly figure: FigureDetail;
  readonly editing: PanelDrafts;
  readonly onSaved: () => void;
  readonly onCancel: () => void;
}

/** Letters and caption parts of the panels, and saving. */
export function PanelEditor({ figure, editing, onSaved, onCancel }: PanelEditorProps) {
  const { drafts } = editing;
  const { run, isWorking, problem } = useWork();
  const suggested = suggestedOf(figure);
  const [known, setKnown] = useState(() => JSON.stringify(draftsOf(figure)));
  const [isConflict, setConflict] = useState(false);
  useUnsaved(isChanged(drafts, figure));
  return (
    <form
      class="panel-editor"
      onSubmit={(event) => {
        event.preventDefault();
        if (isWorking) return;
        run(savePanels(figure, drafts, known), (now) => {
          setConflict(now !== null);
          if (now === null) onSaved();
          else setKnown(now);
        });
      }}
    >
      <p class="quiet">{text.panels.hint}</p>
      <ul>
        {drafts.map((draft, index) => (
          <PanelLine key={draft.key} draft={draft} position={index + 1} editing={editing} />
        ))}
      </ul>
      <p>
        <button
          type="button"
          onClick={() => {
            editing.add({ x: 0.3, y: 0.3, width: 0.4, height: 0.4 });
          }}
        >
          {text.panels.add}
        </button>{' '}
        {suggested.length > 0 && (
          <button
            type="button"
            onClick={() => {
              editing.replaceAll(suggested);
            }}
          >
            {text.panels.useSuggestion(suggested.length)}
          </button>
        )}{' '}
        {figure.panelOrigin === 'PERSON' && (
          <button
            type="button"
            title={text.panels.releaseHint}
            onClick={() => {
              run(releasePanels(figure.id), onSaved);
            }}
          >
            {text.panels.release}
          </button>
        )}
      </p>
      {isConflict && <p role="alert">{text.panels.changedMeanwhile}</p>}
      {problem !== null && <p role="alert">{problem}</p>}
      <p>
        <button type="submit" class="primary" disabled={isWorking}>
          {drafts.length === 0 ? text.panels.saveWhole : text.panels.save(drafts.length)}
        </button>{' '}
        <button type="button" onClick={onCancel}>
          {text.figure.cancel}
        </button>
      </p>
    </form>
  );
}

interface PanelLineProps {
  readonly draft: Draft;
  readonly position: number;
  readonly editing: PanelDrafts;
}

function PanelLine({ draft: { key, label, caption }, position, editing }: PanelLineProps) {
  return (
    <li
      class={key === editing.selected ? 'selected' : ''}
      onFocusCapture={() => {
        editing.select(key);
      }}
    >
      <input
        class="panel-letter"
        aria-label={text.panels.letter(position)}
        value={label}
        maxLength={40}
        onInput={(event) => {
          editing.change(key, { label: event.currentTarget.value });
        }}
      />
      <textarea
        aria-label={text.panels.caption(position)}
        placeholder={text.panels.captionPlaceholder}
        rows={2}
        value={caption}
        onInput={(event) => {
          editing.change(key, { caption: event.currentTarget.value });
        }}
      />
      <button
        type="button"
        aria-label={text.panels.remove(position)}
        onClick={() => {
          editing.remove(key);
        }}
      >
        ×
      </button>
    </li>
  );
}
