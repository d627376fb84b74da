import { useState } from 'preact/hooks';
import { useLoading } from '../shared/load';
import { Menu } from '../shared/menu';
import { useWork } from '../shared/use-work';
import { text } from '../text';
import { addToCollection, collectionChanges, collectionNames, collectAnew } from './queries';

interface AddToCollectionProps {
  readonly figureIds: readonly string[];
  /** @param message what was done, in words: this menu may be gone before anybody reads it */
  readonly onDone?: (message: string) => void;
}

/** A menu of the collections, and a field for a new one. */
export function AddToCollection({ figureIds, onDone }: AddToCollectionProps) {
  const [isOpen, setOpen] = useState(false);
  const [done, setDone] = useState<string | null>(null);
  const [newName, setNewName] = useState('');
  const { run, isWorking, problem } = useWork();
  const add = (work: ReturnType<typeof addToCollection>): void => {
    setDone(null);
    run(work, ({ name, added, gone }) => {
      const words = text.collections.added(added, name) + text.collections.leftOut(gone);
      setDone(words);
      setNewName('');
      onDone?.(words);
    });
  };
  return (
    <Menu label={text.selection.addTo} onToggle={setOpen}>
      {isOpen && (
        <Choices
          isWorking={isWorking}
          onChoose={(id) => {
            add(addToCollection(id, figureIds));
          }}
        />
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (newName.trim() !== '' && !isWorking) add(collectAnew(newName.trim(), figureIds));
        }}
      >
        <input
          aria-label={text.collections.newName}
          placeholder={text.collections.newName}
          value={newName}
          onInput={(event) => {
            setNewName(event.currentTarget.value);
          }}
        />
        <button type="submit" disabled={isWorking}>
          {text.collections.create}
        </button>
      </form>
      {done !== null && <p role="status">{done}</p>}
      {problem !== null && <p role="alert">{problem}</p>}
    </Menu>
  );
}

interface ChoicesProps {
  readonly isWorking: boolean;
  readonly onChoose: (id: string) => void;
}

function Choices({ isWorking, onChoose }: ChoicesProps) {
  const names = useLoading(`names ${collectionChanges()}`, collectionNames, { keepWhile: 'names' });
  return (
    <>
      {names.state === 'failed' && <p role="alert">{names.message}</p>}
      {names.state === 'ready' && (
        <ul class="menu-list">
          {names.data.map(({ id, name, size }) => (
            <li key={id}>
              <button
                type="button"
                disabled={isWorking}
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
    </>
  );
}
