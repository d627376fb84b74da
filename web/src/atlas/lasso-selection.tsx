import { useEffect, useState } from 'preact/hooks';
import { AddToCollection } from '../collections/add-to-collection';
import type { PlaceTerm } from '../place';
import { figureTerms, maxFigureTerms } from '../shared/figure-terms';
import { useLoading } from '../shared/load';
import { text } from '../text';
import { atlasText } from './atlas-text';
import { FigureRow } from './figure-row';
import { atlasFigures } from './queries';

interface LassoSelectionProps {
  readonly ids: readonly string[];
  readonly onOpen: (figureId: string) => void;
  readonly onUse: (terms: readonly PlaceTerm[]) => void;
  readonly onClear: () => void;
}

const firstShown = 24;
const moreShown = 60;

/** The figures that were drawn around, and what can be done with them. */
export function LassoSelection({ ids, onOpen, onUse, onClear }: LassoSelectionProps) {
  const [shown, setShown] = useState(firstShown);
  useEffect(() => setShown(firstShown), [ids]);
  const listed = ids.slice(0, shown);
  const figures = useLoading(JSON.stringify(listed), (signal) => atlasFigures(listed, signal), {
    keepWhile: ids[0] ?? '',
  });
  const terms = figureTerms(ids, 1);
  const isSome = terms.length < ids.length;
  const left = ids.length - shown;
  return (
    <section class="atlas-selection" aria-label={atlasText.selection}>
      <div class="inline">
        <strong role="status">{atlasText.selected(ids.length)}</strong>
        <button type="button" class="primary" onClick={() => onUse(terms)}>
          {isSome ? text.selection.searchWithSome(terms.length) : text.selection.searchWith}
        </button>
        <AddToCollection figureIds={ids} />
        <button type="button" onClick={onClear}>
          {atlasText.clear}
        </button>
        {isSome && <span class="quiet">{text.selection.someHint(maxFigureTerms)}</span>}
      </div>
      {figures.state === 'failed' && <p role="alert">{figures.message}</p>}
      {figures.state === 'ready' && <FigureRow figures={figures.data} onOpen={onOpen} />}
      {left > 0 && (
        <button type="button" onClick={() => setShown(shown + moreShown)}>
          {atlasText.moreOf(Math.min(left, moreShown))}
        </button>
      )}
    </section>
  );
}
