import { AddToCollection } from './collections/add-to-collection';
import type { PlaceTerm } from './place';
import { text } from './text';
import type { Selection } from './use-selection';

interface SelectionBarProps {
  readonly selection: Selection;
  readonly onUse: (terms: readonly PlaceTerm[]) => void;
}

/** So many figures may be terms of one query (the server's limit on terms is 16). */
const maxTerms = 12;

/** What can be done with the figures that are selected; absent where none is. */
export function SelectionBar({ selection, onUse }: SelectionBarProps) {
  const ids = [...selection.ids];
  if (ids.length === 0) return null;
  const use = (weight: 1 | -1): void => {
    onUse(ids.slice(0, maxTerms).map((value) => ({ kind: 'figure', value, weight })));
    selection.clear();
  };
  return (
    <section class="selection" aria-label={text.selection.label}>
      <span role="status">{text.selection.chosen(ids.length)}</span>
      <AddToCollection figureIds={ids} onDone={selection.clear} />
      <button
        type="button"
        disabled={ids.length > maxTerms}
        onClick={() => {
          use(1);
        }}
      >
        {text.selection.searchWith}
      </button>
      <button
        type="button"
        disabled={ids.length > maxTerms}
        onClick={() => {
          use(-1);
        }}
      >
        {text.selection.lessLike}
      </button>
      <button type="button" onClick={selection.clear}>
        {text.selection.clear}
      </button>
    </section>
  );
}
