import './collections.css';
import { useState } from 'preact/hooks';
import type { CellActions } from '../search/cell';
import type { Place } from '../place';
import { MorePages } from '../shared/more-pages';
import { usePages } from '../shared/pages';
import { useOtherTabs } from '../shared/other-tabs';
import { PlaceLink } from '../shared/place-link';
import { useWork } from '../shared/use-work';
import { text } from '../text';
import { CollectionView } from './collection-view';
import {
  collectionChanges,
  collections,
  countCollectionChange,
  createCollection,
  type CollectionPage,
  type CollectionSummary,
} from './queries';

export interface CollectionsViewProps {
  readonly place: Place;
  readonly onGoTo: (place: Place) => void;
  readonly onListed: (figureIds: readonly string[]) => void;
  readonly actions: CellActions;
}

/** All collections, or the one that is open. */
export function CollectionsView(props: CollectionsViewProps) {
  const { collectionId } = props.place;
  return collectionId === null ? (
    <AllCollections {...props} />
  ) : (
    <CollectionView key={collectionId} {...props} id={collectionId} />
  );
}

function AllCollections({ place, onGoTo }: CollectionsViewProps) {
  const [version, setVersion] = useState(collectionChanges);
  useOtherTabs('collections', () => {
    setVersion(countCollectionChange());
  });
  const pages = usePages<CollectionSummary, CollectionPage>({
    key: 'collections',
    load: collections,
    idOf: ({ id }) => id,
    version,
  });
  return (
    <main class="collections" id="content" tabIndex={-1}>
      <h1>{text.app.sections.collections}</h1>
      <NewCollection
        onMade={(collectionId) => {
          onGoTo({ ...place, collectionId });
        }}
      />
      {pages.first !== null && pages.nodes.length === 0 && <p>{text.collections.none}</p>}
      <MorePages pages={pages}>
        <ul class="collection-list">
          {pages.nodes.map((collection) => (
            <li key={collection.id}>
              <PlaceLink
                class="cell"
                to={{ ...place, collectionId: collection.id }}
                onGo={() => {
                  onGoTo({ ...place, collectionId: collection.id });
                }}
              >
                <span class="mosaic">
                  {collection.items.nodes.map(({ figure }) => (
                    <img key={figure.id} src={figure.imageUrl} alt="" loading="lazy" />
                  ))}
                </span>
                <strong>{collection.name}</strong>
                <span class="quiet">{text.collections.size(collection.size)}</span>
                {collection.description != null && <span class="caption">{collection.description}</span>}
              </PlaceLink>
            </li>
          ))}
        </ul>
      </MorePages>
    </main>
  );
}

function NewCollection({ onMade }: { readonly onMade: (id: string) => void }) {
  const [name, setName] = useState('');
  const { run, problem } = useWork();
  return (
    <form
      class="inline"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() === '') return;
        run(createCollection(name.trim()), ({ id }) => {
          onMade(id);
        });
      }}
    >
      <input
        aria-label={text.collections.newName}
        placeholder={text.collections.newName}
        value={name}
        onInput={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      <button type="submit">{text.collections.create}</button>
      {problem !== null && <p role="alert">{problem}</p>}
    </form>
  );
}
