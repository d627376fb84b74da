import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ChipField, isSameList, wordsOf } from '../shared/chip-field';
import { mayGiveUp, useUnsaved } from '../shared/unsaved';
import { useWork } from '../shared/use-work';
import { text } from '../text';
import type { Item, NotePart } from './queries';

interface NoteDialogProps {
  /** The member that is edited; null closes the dialog. */
  readonly item: Item | null;
  readonly onSave: (figureId: string, part: NotePart) => Promise<unknown>;
  /** The dialog was closed, by whatever way. */
  readonly onClose: () => void;
}

/** A form for the note and the tags of a member. */
export function NoteDialog({ item, onSave, onClose }: NoteDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    if (item !== null) dialog.current?.showModal();
  }, [item]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="note-title"
      onClose={onClose}
      onCancel={(event) => {
        if (!mayGiveUp()) event.preventDefault();
      }}
    >
      <h2 id="note-title">{text.collections.editTitle}</h2>
      {item !== null && (
        <NoteForm
          item={item}
          onSave={(part) => onSave(item.figure.id, part)}
          onClose={() => {
            dialog.current?.close();
          }}
        />
      )}
    </dialog>
  );
}

interface NoteFormProps {
  readonly item: Item;
  readonly onSave: (part: NotePart) => Promise<unknown>;
  readonly onClose: () => void;
}

function NoteForm({ item, onSave, onClose }: NoteFormProps) {
  const [note, setNote] = useState(item.note ?? '');
  const [tags, setTags] = useState({ values: item.tags, draft: '' });
  const { run, isWorking, problem } = useWork();
  const part = { note: note.trim(), tags: wordsOf(tags) };
  useUnsaved(part.note !== (item.note ?? '') || !isSameList(part.tags, item.tags));
  return (
    <form
      class="note"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isWorking) run(onSave(part), onClose);
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
      <ChipField label={text.collections.tags} chips={tags} onChange={setTags} />
      {problem !== null && <p role="alert">{problem}</p>}
      <p>
        <button type="submit" class="primary">
          {text.collections.save}
        </button>{' '}
        <button type="button" onClick={onClose}>
          {text.figure.cancel}
        </button>
      </p>
    </form>
  );
}
