import { useEffect, useState } from 'preact/hooks';
import { start, type Place } from '../place';
import { useLoading } from '../shared/load';
import { useOtherTabs } from '../shared/other-tabs';
import { PlaceLink } from '../shared/place-link';
import { useSettled } from '../shared/use-settled';
import { useWork } from '../shared/use-work';
import { text } from '../text';
import { CollectionHead } from './collection-head';
import { CollectionItems } from './collection-items';
import type { CollectionsViewProps } from './collections-view';
import { collectionChanges, countCollectionChange, oneCollection, restoreCollection } from './queries';
import { Suggestions } from './suggestions';

interface CollectionViewProps extends CollectionsViewProps {
  readonly id: string;
}

const all: Place = { ...start, section: 'collections' };

/** Who rates one figure after the other has the suggestions learned once, so long after the last rating. */
const learnAfterMs = 400;

/** One collection: its name, what can be done with it, and its figures. */
export function CollectionView(props: CollectionViewProps) {
  const { id, place, onGoTo } = props;
  const [version, setVersion] = useState(collectionChanges);
  // Counts ratings: after some of them the suggestions are learned again.
  const [ratings, setRatings] = useState(0);
  const settledRatings = useSettled(ratings, learnAfterMs);
  const [isDeleted, setDeleted] = useState(false);
  const { run, problem } = useWork();
  const state = useLoading(JSON.stringify([id, version]), (signal) => oneCollection(id, signal), { keepWhile: id });
  const collection = state.state === 'ready' ? state.data : null;
  useEffect(() => {
    if (collection !== null) document.title = text.titles.section(collection.name);
  }, [collection?.name]);
  useOtherTabs('collections', () => {
    setVersion(countCollectionChange());
  });
  const change = (work: Promise<unknown>): void => {
    run(work, () => {
      setVersion(collectionChanges());
    });
  };
  const countRating = (): void => {
    setRatings((before) => before + 1);
  };
  return (
    <main class="collections" id="content" tabIndex={-1}>
      <p class="collection-bar">
        <PlaceLink
          class="button"
          to={all}
          onGo={() => {
            onGoTo(all);
          }}
        >
          {text.collections.all}
        </PlaceLink>
      </p>
      {problem !== null && <p role="alert">{problem}</p>}
      {state.state === 'failed' && <p role="alert">{state.message}</p>}
      {state.state === 'ready' && state.data === null && !isDeleted && <p>{text.collections.absent}</p>}
      {isDeleted && (
        <p role="status">
          {text.collections.deletedOne}{' '}
          <button
            type="button"
            onClick={() => {
              setDeleted(false);
              change(restoreCollection(id));
            }}
          >
            {text.collections.undo}
          </button>
        </p>
      )}
      {collection !== null && !isDeleted && (
        <>
          <CollectionHead
            collection={collection}
            onChange={change}
            onDeleted={() => {
              setDeleted(true);
            }}
            onShowOnMap={() => {
              onGoTo({ ...place, section: 'atlas' });
            }}
            onAdded={() => {
              setVersion(collectionChanges());
            }}
            onSearchIn={() => {
              onGoTo({ ...place, section: 'search' });
            }}
          />
          <Suggestions
            id={id}
            version={`${version} ${settledRatings}`}
            onOpen={props.actions.onOpen}
            onChange={change}
            onRated={countRating}
          />
          <CollectionItems {...props} version={version} onChange={change} onRated={countRating} />
        </>
      )}
    </main>
  );
}
