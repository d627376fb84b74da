import './figure.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Place, PlaceTerm } from '../place';
import type { CellActions } from '../search/cell';
import { useKey } from '../shared/keys';
import { useLoading } from '../shared/load';
import { tellOtherTabs, useOtherTabs } from '../shared/other-tabs';
import { mayGiveUp } from '../shared/unsaved';
import { text } from '../text';
import { FigureDetailView, type Mode } from './figure-detail';
import { oneFigure } from './queries';

interface FigureViewProps {
  readonly id: string;
  /** What was searched for; may be empty. */
  readonly text: string;
  /** The figures of the list that it was opened from, in order. */
  readonly listed: readonly string[];
  readonly onOpen: (figureId: string) => void;
  /** Shows the figure before or behind in the list: Back still returns to the list. */
  readonly onMove: (figureId: string) => void;
  readonly onSearch: (place: Place) => void;
  readonly onUse: (terms: readonly PlaceTerm[]) => void;
  readonly actions: CellActions;
  readonly onClose: () => void;
}

/** One figure: large, with its caption, source and license, and the figures like it. */
export function FigureView(props: FigureViewProps) {
  const { id, text: words, onClose } = props;
  // Counts changes: after one the figure is asked for again.
  const [version, setVersion] = useState(0);
  const figure = useLoading(JSON.stringify([id, words, version]), (signal) => oneFigure(id, words, signal), {
    keepWhile: id,
  });
  const [mode, setMode] = useMode(id);
  const loadAgain = (): void => {
    setVersion((before) => before + 1);
  };
  useOtherTabs(id, loadAgain);
  const isAbsent = figure.state === 'ready' && figure.data === null;
  useKey('Escape', () => {
    // What is being edited is given up before the figure is left.
    if (mode === 'view') onClose();
    else if (mayGiveUp()) setMode('view');
  });
  const name = figure.state === 'ready' ? (figure.data?.label ?? figure.data?.article?.title ?? null) : null;
  useEffect(() => {
    document.title = text.titles.figure(name ?? text.figure.untitled);
  }, [name]);
  return (
    <main class="figure" id="content" tabIndex={-1} ref={useFocusAtFirst()}>
      <FigureBar {...props} isEditing={mode !== 'view'} isAbsent={isAbsent} />
      {figure.state === 'loading' && <p role="status">{text.figure.loading}</p>}
      {figure.state === 'failed' && (
        <p role="alert">
          {figure.message}{' '}
          <button type="button" class="chip" onClick={loadAgain}>
            {text.app.tryAgain}
          </button>
        </p>
      )}
      {figure.state === 'ready' &&
        (figure.data === null ? (
          <p>{text.figure.absent}</p>
        ) : (
          <FigureDetailView
            key={figure.data.id}
            {...props}
            figure={figure.data}
            mode={mode}
            onMode={setMode}
            onChanged={() => {
              tellOtherTabs(id);
              loadAgain();
            }}
          />
        ))}
    </main>
  );
}

/** What the figure is shown for; each figure is viewed first. */
function useMode(id: string): readonly [Mode, (mode: Mode) => void] {
  const [state, setState] = useState<{ readonly id: string; readonly mode: Mode }>({ id, mode: 'view' });
  return [
    state.id === id ? state.mode : 'view',
    (mode) => {
      setState({ id, mode });
    },
  ];
}

/** Gives the focus to an element where nothing has it: what had it before is gone. */
function useFocusAtFirst() {
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) element.current?.focus({ preventScroll: true });
  }, []);
  return element;
}

interface FigureBarProps extends FigureViewProps {
  /** Then no key leads away from the figure. */
  readonly isEditing: boolean;
  /** There is no such figure. */
  readonly isAbsent: boolean;
}

/** Back to the list, and to the figures before and behind in it. */
function FigureBar({ id, listed, onMove, onUse, onClose, isEditing, isAbsent }: FigureBarProps) {
  const at = listed.indexOf(id);
  const [previous, next] = at < 0 ? [] : [listed[at - 1], listed[at + 1]];
  const move = (figureId: string | undefined): void => {
    if (figureId !== undefined) onMove(figureId);
  };
  const search = (): void => {
    onUse([{ kind: 'figure', value: id, weight: 1 }]);
  };
  useKey('ArrowLeft', () => {
    if (!isEditing) move(previous);
  });
  useKey('ArrowRight', () => {
    if (!isEditing) move(next);
  });
  useKey('s', () => {
    if (!isEditing && !isAbsent) search();
  });
  return (
    <p class="figure-bar">
      <button type="button" onClick={onClose}>
        {text.figure.back}
      </button>{' '}
      {at >= 0 && (
        <>
          <button
            type="button"
            title={text.figure.previousHint}
            disabled={previous === undefined}
            onClick={() => {
              move(previous);
            }}
          >
            {text.figure.previous}
          </button>{' '}
          <button
            type="button"
            title={text.figure.nextHint}
            disabled={next === undefined}
            onClick={() => {
              move(next);
            }}
          >
            {text.figure.next}
          </button>{' '}
        </>
      )}
      {!isAbsent && (
        <button type="button" onClick={search}>
          {text.figure.searchWith}
        </button>
      )}
    </p>
  );
}
