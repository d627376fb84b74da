import './figure.css';
import { useEffect } from 'preact/hooks';
import type { Place, PlaceTerm } from '../place';
import type { CellActions } from '../search/cell';
import { useKey } from '../shared/keys';
import { useLoading } from '../shared/load';
import { text } from '../text';
import { FigureDetailView } from './figure-detail';
import { oneFigure } from './queries';
import { useState } from 'preact/hooks';

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
  useKey('Escape', onClose);
  const name = figure.state === 'ready' ? (figure.data?.label ?? figure.data?.article?.title ?? null) : null;
  useEffect(() => {
    if (name !== null) document.title = text.titles.figure(name);
  }, [name]);
  return (
    <main class="figure" id="content" tabIndex={-1}>
      <FigureBar {...props} />
      {figure.state === 'loading' && <p role="status">{text.figure.loading}</p>}
      {figure.state === 'failed' && (
        <p role="alert">
          {figure.message}{' '}
          <button
            type="button"
            class="chip"
            onClick={() => {
              setVersion(version + 1);
            }}
          >
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
            onChanged={() => {
              setVersion(version + 1);
            }}
          />
        ))}
    </main>
  );
}

/** Back to the list, and to the figures before and behind in it. */
function FigureBar({ id, listed, onMove, onUse, onClose }: FigureViewProps) {
  const at = listed.indexOf(id);
  const [previous, next] = at < 0 ? [] : [listed[at - 1], listed[at + 1]];
  const move = (figureId: string | undefined): void => {
    if (figureId !== undefined) onMove(figureId);
  };
  useKey('ArrowLeft', () => {
    move(previous);
  });
  useKey('ArrowRight', () => {
    move(next);
  });
  useKey('s', () => {
    onUse([{ kind: 'figure', value: id, weight: 1 }]);
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
      <button
        type="button"
        onClick={() => {
          onUse([{ kind: 'figure', value: id, weight: 1 }]);
        }}
      >
        {text.figure.searchWith}
      </button>
    </p>
  );
}
