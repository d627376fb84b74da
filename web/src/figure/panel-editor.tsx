import { useEffect, useState } from 'preact/hooks';
import type { PanelInput } from '../generated/operations';
import type { Region } from '../place';
import { useUnsaved } from '../shared/unsaved';
import { useWork } from '../shared/use-work';
import { text } from '../text';
import { DrawingLayer } from './drawing-layer';
import { EditableBox } from './editable-box';
import { releasePanels, setPanels, type FigureDetail } from './queries';

/** A panel that is being edited. */
interface Draft {
  readonly key: number;
  /** In fractions of the image. */
  readonly box: Region;
  readonly label: string;
  readonly caption: string;
}

export interface PanelDrafts {
  readonly drafts: readonly Draft[];
  readonly selected: number | null;
  readonly select: (key: number | null) => void;
  readonly change: (key: number, part: Partial<Draft>) => void;
  readonly remove: (key: number) => void;
  readonly add: (box: Region) => number;
  readonly replaceAll: (drafts: readonly Omit<Draft, 'key'>[]) => void;
}

let lastKey = 0;

function withKeys(drafts: readonly Omit<Draft, 'key'>[]): readonly Draft[] {
  return drafts.map((draft) => ({ ...draft, key: ++lastKey }));
}

/** The first letter that no panel has. */
function nextLabel(drafts: readonly Draft[]): string {
  const used = new Set(drafts.map(({ label }) => label.toUpperCase()));
  return [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].find((letter) => !used.has(letter)) ?? '';
}

/**
 * The panels of a figure, changed but not saved yet.
 * @param isEditing each time that it begins, the drafts are those that the figure has
 */
export function usePanelDrafts(figure: FigureDetail, isEditing: boolean): PanelDrafts {
  const [drafts, setDrafts] = useState<readonly Draft[]>([]);
  const [selected, select] = useState<number | null>(null);
  useEffect(() => {
    if (!isEditing) return;
    setDrafts(withKeys(draftsOf(figure)));
    select(null);
  }, [isEditing, figure.id]);
  return {
    drafts,
    selected,
    select,
    change: (key, part) => {
      setDrafts((all) => all.map((draft) => (draft.key === key ? { ...draft, ...part } : draft)));
    },
    remove: (key) => {
      setDrafts((all) => all.filter((draft) => draft.key !== key));
    },
    add: (box) => {
      const key = ++lastKey;
      setDrafts((all) => [...all, { key, box, label: nextLabel(all), caption: '' }]);
      select(key);
      return key;
    },
    replaceAll: (next) => {
      setDrafts(withKeys(next));
      select(null);
    },
  };
}

type PixelBox = FigureDetail['panels'][number]['box'];

function toFractions({ x, y, width, height }: PixelBox, figure: Pick<FigureDetail, 'width' | 'height'>): Region {
  return { x: x / figure.width, y: y / figure.height, width: width / figure.width, height: height / figure.height };
}

/** All but the first, which is the whole figure. */
function draftsOf(figure: FigureDetail): readonly Omit<Draft, 'key'>[] {
  return figure.panels.slice(1).map(({ box, label, caption }) => ({
    box: toFractions(box, figure),
    label: label ?? '',
    caption: caption ?? '',
  }));
}

function suggestedOf(figure: FigureDetail): readonly Omit<Draft, 'key'>[] {
  const { boxes = [], parts = [] } = figure.panelSuggestion ?? {};
  return boxes.map((box, index) => ({
    box: toFractions(box, figure),
    label: parts[index]?.label ?? '',
    caption: parts[index]?.caption ?? '',
  }));
}

function isChanged(drafts: readonly Draft[], figure: FigureDetail): boolean {
  const plain = drafts.map(({ box, label, caption }) => ({ box, label, caption }));
  return JSON.stringify(plain) !== JSON.stringify(draftsOf(figure));
}

/** Whole pixels that lie inside the image. */
function toPanels(drafts: readonly Draft[], { width, height }: FigureDetail): readonly PanelInput[] {
  return drafts.map(({ box, label, caption }) => {
    const x = Math.min(width - 1, Math.round(box.x * width));
    const y = Math.min(height - 1, Math.round(box.y * height));
    return {
      box: {
        x,
        y,
        width: Math.max(1, Math.min(width - x, Math.round(box.width * width))),
        height: Math.max(1, Math.min(height - y, Math.round(box.height * height))),
      },
      label: label.trim() === '' ? null : label.trim(),
      caption: caption.trim() === '' ? null : caption.trim(),
    };
  });
}

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
  useUnsaved(isChanged(drafts, figure));
  return (
    <form
      class="panel-editor"
      onSubmit={(event) => {
        event.preventDefault();
        run(setPanels(figure.id, toPanels(drafts, figure)), onSaved);
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
