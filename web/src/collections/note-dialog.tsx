import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { text } from '../text';
import type { Item, NotePart } from './queries';

interface NoteDialogProps {
  readonly dialog: RefObject<HTMLDialogElement>;
  /** The member that is edited; null before there is one. */
  readonly item: Item | null;
  /** Saves what was changed. */
  readonly onSave: (figureId: string, part: NotePart) => void;
  /** The dialog was closed, by whatever way. */
  readonly onClose: () => void;
}

function tagsOf({ tags }: Item): string {
  return tags.join(', ');
}

/** A form for the note and the tags of a member. */
export function NoteDialog({ dialog, item, onSave, onClose }: NoteDialogProps) {
  const [note, setNote] = useState('');
  const [tags, setTags] = useState('');
  useEffect(() => {
    setNote(item?.note ?? '');
    setTags(item === null ? '' : tagsOf(item));
  }, [item]);
  return (
    <dialog ref={dialog} aria-labelledby="note-title" onClose={onClose}>
      <h2 id="note-title">{text.collections.editTitle}</h2>
      <form
        method="dialog"
        class="note"
        onSubmit={() => {
          if (item === null) return;
          const each = tags.split(',').map((tag) => tag.trim());
          // Tags with commas, as other programs write them, stay whole where nobody changes the tags.
          const isChanged = tags !== tagsOf(item);
          onSave(item.figure.id, {
            note: note.trim(),
            ...(isChanged ? { tags: [...new Set(each.filter((tag) => tag !== ''))] } : {}),
          });
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
