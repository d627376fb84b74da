import { useState } from 'preact/hooks';
import { Menu } from '../shared/menu';
import { useUnsaved } from '../shared/unsaved';
import { useWork } from '../shared/use-work';
import { text } from '../text';
import { importToCollection, type Imported } from './queries';

interface ImportListProps {
  readonly id: string;
  /** Figures came in. */
  readonly onAdded: () => void;
}

/** Takes a list of ids: figures, or articles with all of their figures. */
export function ImportList({ id, onAdded }: ImportListProps) {
  const [list, setList] = useState('');
  const [imported, setImported] = useState<Imported | null>(null);
  // The lines of the latest list that named nothing.
  const [unknown, setUnknown] = useState('');
  const { run, problem } = useWork();
  useUnsaved(list.trim() !== '' && list !== unknown);
  return (
    <Menu label={text.imports.button}>
      <form
        class="note"
        onSubmit={(event) => {
          event.preventDefault();
          run(importToCollection(id, list), (done) => {
            setImported(done);
            // What names nothing stays, to be corrected.
            const left = done.unknown.join('\n');
            setList(left);
            setUnknown(left);
            if (done.added > 0) onAdded();
          });
        }}
      >
        <label>
          {text.imports.label}
          <textarea
            rows={6}
            value={list}
            onInput={(event) => {
              setList(event.currentTarget.value);
            }}
          />
        </label>
        <button type="submit">{text.imports.add}</button>
      </form>
      {problem !== null && <p role="alert">{problem}</p>}
      {imported !== null && <p role="status">{text.imports.done(imported)}</p>}
    </Menu>
  );
}
