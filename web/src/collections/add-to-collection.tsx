import { useState } from 'preact/hooks';
import { useLoading } from '../shared/load';
import { Menu } from '../shared/menu';
import { messageOf } from '../shared/server';
import { text } from '../text';
import { addToCollection, collectionNames, createCollection } from './queries';

interface AddToCollectionProps {
  readonly figureIds: readonly string[];
  /** @param message what was done, in words: this menu may be gone before anybody reads it */
  readonly onDone?: (message: string) => void;
}

/** A menu of the collections, and a field for a new one. */
export function AddToCollection({ figureIds, onDone }: AddToCollectionProps) {
  const [isOpen, setOpen] = useState(false);
  const [message, setMessage] = useState<{ readonly words: string; readonly isFault: boolean } | null>(null);
  const add = (work: () => Promise<{ readonly name: string } | null>): void => {
    work().then(
      (collection) => {
        const words = text.collections.added(figureIds.length, collection?.name ?? '');
        setMessage({ words, isFault: false });
        onDone?.(words);
      },
      (error: unknown) => {
        setMessage({ words: messageOf(error), isFault: true });
      },
    );
  };
  return (
    <Menu label={text.selection.addTo} onToggle={setOpen}>
      {isOpen && (
        <Choices
          onChoose={(id) => {
            add(() => addToCollection(id, figureIds));
          }}
          onCreate={(name) => {
            add(async () => {
              const made = await createCollection(name);
              return addToCollection(made.id, figureIds);
            });
          }}
        />
      )}
      {message !== null && <p role={message.isFault ? 'alert' : 'status'}>{message.words}</p>}
    </Menu>
  );
}

interface ChoicesProps {
  readonly onChoose: (id: string) => void;
  readonly onCreate: (name: string) => void;
}

function Choices({ onChoose, onCreate }: ChoicesProps) {
  const names = useLoading('names', collectionNames);
  const [draft, setDraft] = useState('');
  return (
    <>
      {names.state === 'failed' && <p role="alert">{names.message}</p>}
      {names.state === 'ready' && (
        <ul class="menu-list">
          {names.data.map(({ id, name, size }) => (
            <li key={id}>
              <button
                type="button"
                onClick={() => {
                  onChoose(id);
                }}
              >
                {name} <span class="quiet">{size}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (draft.trim() !== '') onCreate(draft.trim());
          setDraft('');
        }}
      >
        <input
          aria-label={text.collections.newName}
          placeholder={text.collections.newName}
          value={draft}
          onInput={(event) => {
            setDraft(event.currentTarget.value);
          }}
        />
        <button type="submit">{text.collections.create}</button>
      </form>
    </>
  );
}
