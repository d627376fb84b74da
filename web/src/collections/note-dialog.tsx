import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { text } from '../text';
import type { Item } from './queries';

interface NoteDialogProps {
  readonly dialog: RefObject<HTMLDialogElement>;
  /** The member that is edited; null before there is one. */
  readonly item: Item | null;
  readonly onSave: (figureId: string, part: { readonly note: string; readonly tags: readonly string[] }) => void;
}

/** A form for the note and the tags of a member. */
export function NoteDialog({ dialog, item, onSave }: NoteDialogProps) {
  const [note, setNote] = useState('');
  const [tags, setTags] = useState('');
  useEffect(() => {
    setNote(item?.note ?? '');
    setTags(item?.tags.join(', ') ?? '');
  }, [item]);
  return (
    <dialog ref={dialog} aria-labelledby="note-title">
      <h2 id="note-title">{text.collections.editTitle}</h2>
      <form
        method="dialog"
        class="note"
        onSubmit={() => {
          if (item === null) return;
          const each = tags.split(',').map((tag) => tag.trim());
          onSave(item.figure.id, { note: note.trim(), tags: [...new Set(each.filter((tag) => tag !== ''))] });
        }}
      >
        <label>
          {text.collections.note}
          <textarea
            rows={3}
            value={note}
            onInput={(event) => {
              setNote(event.currentTarget.value);
            }}
          />
        </label>
        <label>
          {text.collections.tags}
          <input
            value={tags}
            onInput={(event) => {
              setTags(event.currentTarget.value);
            }}
          />
        </label>
        <p>
          <button type="submit" class="primary">
            {text.collections.save}
          </button>{' '}
          <button
            type="button"
            onClick={() => {
              dialog.current?.close();
            }}
          >
            {text.figure.cancel}
          </button>
        </p>
      </form>
    </dialog>
  );
}
