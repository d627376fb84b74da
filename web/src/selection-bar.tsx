import { useEffect, useState } from 'preact/hooks';
import { AddToCollection } from './collections/add-to-collection';
import type { PlaceTerm } from './place';
import { focusGrid } from './search/grid';
import { figureTerms, maxFigureTerms } from './shared/figure-terms';
import { text } from './text';
import type { Selection } from './use-selection';

interface SelectionBarProps {
  readonly selection: Selection;
  readonly onUse: (terms: readonly PlaceTerm[]) => void;
}

/** How long it is shown what was done, in ms. */
const shownMs = 5000;

/** What was done last; null a while later. */
function useMessage(): readonly [string | null, (message: string) => void] {
  const [message, setMessage] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(setMessage, shownMs, null);
    return () => {
      clearTimeout(timer);
    };
  }, [message]);
  return [message, setMessage];
}

/** What can be done with the figures that are selected; where none is, what was done last. */
export function SelectionBar({ selection, onUse }: SelectionBarProps) {
  const [message, setMessage] = useMessage();
  const ids = [...selection.ids];
  if (ids.length === 0 && message === null) return null;
  if (ids.length === 0) {
    return (
      <section class="selection" aria-label={text.selection.label}>
        <span role="status">{message}</span>
      </section>
    );
  }
  const isSome = ids.length > maxFigureTerms;
  const clear = (): void => {
    selection.clear();
    // The bar is gone.
    focusGrid();
  };
  const use = (weight: 1 | -1): void => {
    onUse(figureTerms(ids, weight));
    selection.clear();
  };
  return (
    <section class="selection" aria-label={text.selection.label}>
      <span role="status">{text.selection.chosen(ids.length)}</span>
      <AddToCollection
        figureIds={ids}
        onDone={(words) => {
          setMessage(words);
          clear();
        }}
      />
      <button
        type="button"
        onClick={() => {
          use(1);
        }}
      >
        {isSome ? text.selection.searchWithSome(maxFigureTerms) : text.selection.searchWith}
      </button>
      <button
        type="button"
        onClick={() => {
          use(-1);
        }}
      >
        {isSome ? text.selection.lessLikeSome(maxFigureTerms) : text.selection.lessLike}
      </button>
      <button type="button" onClick={clear}>
        {text.selection.clear}
      </button>
      {isSome && <span class="quiet">{text.selection.someHint(maxFigureTerms)}</span>}
    </section>
  );
}
