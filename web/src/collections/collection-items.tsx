import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { focusGrid, Grid } from '../search/grid';
import { MorePages } from '../shared/more-pages';
import { usePages } from '../shared/pages';
import { useWork } from '../shared/use-work';
import { text } from '../text';
import type { CollectionsViewProps } from './collections-view';
import {
  addToCollection,
  collectionItems,
  rateFigure,
  removeFromCollection,
  updateItem,
  type Item,
  type ItemPage,
} from './queries';
import { ItemLine } from './item-line';
import { NoteDialog } from './note-dialog';

interface CollectionItemsProps extends CollectionsViewProps {
  readonly id: string;
  /** Counts changes of the members: after one they are loaded again, and those before stay meanwhile. */
  readonly version: number;
  readonly onChange: (work: Promise<unknown>) => void;
  /** A member was rated. */
  readonly onRated: () => void;
}

/** The members of a collection: rated, noted and tagged in place, removed with a way back. */
export function CollectionItems({ id, version, onChange, onRated, onListed, actions }: CollectionItemsProps) {
  const pages = usePages<Item, ItemPage>({
    key: id,
    version,
    load: (after, signal, wanted) => collectionItems(id, after, signal, wanted),
    idOf: ({ figure }) => figure.id,
  });
  const { run, problem } = useWork();
  const [edited, setEdited] = useState<Item | null>(null);
  const [removed, setRemoved] = useState<readonly string[]>([]);
  const items = useMemo(() => new Map(pages.nodes.map((item) => [item.figure.id, item])), [pages.nodes]);
  // An answer of the server comes many renderings after the question.
  const latest = useRef(items);
  latest.current = items;
  useEffect(() => {
    onListed(pages.nodes.map(({ figure }) => figure.id));
  }, [pages.nodes]);

  const put = (figureId: string, part: Partial<Item>): void => {
    const item = latest.current.get(figureId);
    if (item !== undefined) pages.replace({ ...item, ...part });
  };
  const rate = (figureId: string, rating: Item['rating']): void => {
    const before = items.get(figureId)?.rating ?? 'NONE';
    // The same rating again takes it back.
    const next = before === rating ? 'NONE' : rating;
    put(figureId, { rating: next });
    run(
      rateFigure(id, figureId, next).catch((error: unknown) => {
        put(figureId, { rating: before });
        throw error;
      }),
      onRated,
    );
  };
  const edit = (figureId: string): void => {
    setEdited(items.get(figureId) ?? null);
  };
  const members = [...actions.selected].filter((figureId) => items.has(figureId));
  return (
    <>
      {problem !== null && <p role="alert">{problem}</p>}
      {pages.first !== null && pages.nodes.length === 0 && <p>{text.collections.empty}</p>}
      <p class="quiet">
        {pages.nodes.length > 0 && text.collections.keys}{' '}
        {members.length > 0 && (
          <button
            type="button"
            onClick={() => {
              onChange(
                removeFromCollection(id, members).then(() => {
                  pages.drop(members);
                  setRemoved(members);
                  for (const figureId of members) actions.onSelect(figureId);
                  // The button that was pressed is gone.
                  focusGrid();
                }),
              );
            }}
          >
            {text.collections.removeSelected(members.length)}
          </button>
        )}
      </p>
      {removed.length > 0 && (
        <p role="status">
          {text.collections.removed(removed.length)}{' '}
          <button
            type="button"
            onClick={() => {
              onChange(
                addToCollection(id, removed).then(() => {
                  setRemoved([]);
                }),
              );
            }}
          >
            {text.collections.undo}
          </button>
        </p>
      )}
      <MorePages pages={pages}>
        <Grid
          hits={pages.nodes}
          name={`collection ${id}`}
          actions={{
            ...actions,
            keys: {
              1: (figureId) => {
                rate(figureId, 'RELEVANT');
              },
              2: (figureId) => {
                rate(figureId, 'IRRELEVANT');
              },
              e: edit,
            },
            below: (figureId) => (
              <ItemLine
                item={items.get(figureId)}
                onRate={(rating) => {
                  rate(figureId, rating);
                }}
                onEdit={() => {
                  edit(figureId);
                }}
              />
            ),
          }}
        />
      </MorePages>
      <NoteDialog
        item={edited}
        onClose={() => {
          setEdited(null);
        }}
        onSave={async (figureId, part) => {
          put(figureId, await updateItem(id, figureId, part));
        }}
      />
    </>
  );
}
