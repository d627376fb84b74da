import { useEffect, useState } from 'preact/hooks';
import { draggedFigure } from '../shared/figure-drag';
import { useLoading } from '../shared/load';
import { useWork } from '../shared/use-work';
import { text } from '../text';
import { addToCollection, collectAnew, collectionChanges, collectionNames } from './queries';

/** How long it is shown what was done, in ms. */
const shownMs = 5000;

/**
 * While a figure of the page is dragged, the collections that it can be dropped on. Where it is one of several that are selected,
 * all of these go with it.
 */
export function DropOnCollection({ selected }: { readonly selected: ReadonlySet<string> }) {
  const isDragged = useFigureDrag();
  const { run, isWorking, problem, clear } = useWork();
  const [done, setDone] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(setDone, shownMs, null);
    return () => {
      clearTimeout(timer);
    };
  }, [done]);
  const take = (event: DragEvent, add: (figureIds: readonly string[]) => ReturnType<typeof addToCollection>): void => {
    const figureId = draggedFigure(event);
    if (figureId === null) return;
    event.preventDefault();
    // It is no term of a search.
    event.stopPropagation();
    run(add(selected.has(figureId) ? [...selected] : [figureId]), ({ name, added, gone }) => {
      setDone(text.collections.added(added, name) + text.collections.leftOut(gone));
    });
  };
  if (!isDragged && !isWorking && done === null && problem === null) return null;
  return (
    <section class="drop-on-collection" aria-label={text.collections.dropOn}>
      {isDragged ? (
        <Targets onTake={take} />
      ) : (
        <>
          <span role={problem === null ? 'status' : 'alert'}>{problem ?? done ?? text.collections.adding}</span>
          {problem !== null && (
            <button type="button" onClick={clear}>
              {text.app.close}
            </button>
          )}
        </>
      )}
    </section>
  );
}

interface TargetsProps {
  readonly onTake: (
    event: DragEvent,
    add: (figureIds: readonly string[]) => ReturnType<typeof addToCollection>,
  ) => void;
}

function Targets({ onTake }: TargetsProps) {
  const names = useLoading(`names ${collectionChanges()}`, collectionNames, { keepWhile: 'names' });
  return (
    <>
      <span>{text.collections.dropOn}</span>
      <ul>
        {names.state === 'ready' &&
          names.data.map(({ id, name }) => (
            <Target
              key={id}
              name={name}
              onDrop={(event) => {
                onTake(event, (figureIds) => addToCollection(id, figureIds));
              }}
            />
          ))}
        <Target
          name={text.collections.newByDrop}
          onDrop={(event) => {
            onTake(event, (figureIds) => collectAnew(text.collections.nameByDrop(new Date()), figureIds));
          }}
        />
      </ul>
    </>
  );
}

function Target({ name, onDrop }: { readonly name: string; readonly onDrop: (event: DragEvent) => void }) {
  const [isOver, setOver] = useState(false);
  return (
    <li
      class={isOver ? 'over' : ''}
      onDragOver={(event) => {
        // Without it nothing can be dropped here.
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={onDrop}
    >
      {name}
    </li>
  );
}

/** Whether a figure of the page is being dragged. */
function useFigureDrag(): boolean {
  const [isDragged, setDragged] = useState(false);
  useEffect(() => {
    const start = (event: DragEvent): void => {
      // The browser takes its picture of what is dragged first.
      if (draggedFigure(event) !== null) setTimeout(setDragged, 0, true);
    };
    const end = (): void => {
      setTimeout(setDragged, 0, false);
    };
    // The end of a drag is not told where its figure left the page meanwhile, as rows of the grid do: the pointer moves again then.
    const ends = ['dragend', 'pointermove', 'keydown'] as const;
    addEventListener('dragstart', start);
    for (const name of ends) addEventListener(name, end);
    return () => {
      removeEventListener('dragstart', start);
      for (const name of ends) removeEventListener(name, end);
    };
  }, []);
  return isDragged;
}
