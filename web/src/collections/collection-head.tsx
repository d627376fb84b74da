import { useState } from 'preact/hooks';
import { text } from '../text';
import { CopyButton } from '../shared/copy-button';
import { useUnsaved } from '../shared/unsaved';
import { ExportMenu } from './exports';
import { ImportList } from './import-list';
import { deleteCollection, updateCollection, type CollectionDetail } from './queries';

interface CollectionHeadProps {
  readonly collection: CollectionDetail;
  /** Runs a change, tells where it fails, and loads the collection again. */
  readonly onChange: (work: Promise<unknown>) => void;
  readonly onDeleted: () => void;
  /** Figures came in by a list. */
  readonly onAdded: () => void;
  readonly onSearchIn: () => void;
  readonly onShowOnMap: () => void;
}

export function CollectionHead({
  collection,
  onChange,
  onDeleted,
  onAdded,
  onSearchIn,
  onShowOnMap,
}: CollectionHeadProps) {
  const [isEditing, setEditing] = useState(false);
  const { id, name, description, size } = collection;
  const close = (): void => {
    setEditing(false);
  };
  if (isEditing) {
    return (
      <NameForm
        collection={collection}
        onSave={(part) => {
          onChange(updateCollection(id, part).then(close));
        }}
        onCancel={close}
      />
    );
  }
  return (
    <>
      <h1>{name}</h1>
      {description != null && <p>{description}</p>}
      <p class="collection-bar">
        <span class="quiet">{text.collections.size(size)}</span>
        <button type="button" onClick={onSearchIn}>
          {text.collections.searchIn}
        </button>
        <button type="button" onClick={onShowOnMap}>
          {text.collections.showOnMap}
        </button>
        <button
          type="button"
          onClick={() => {
            setEditing(true);
          }}
        >
          {text.collections.rename}
        </button>
        <ExportMenu id={id} />
        <ImportList id={id} onAdded={onAdded} />
        <CopyButton words={location.href}>{text.collections.share}</CopyButton>
        <button
          type="button"
          onClick={() => {
            onChange(deleteCollection(id).then(onDeleted));
          }}
        >
          {text.collections.remove}
        </button>
      </p>
    </>
  );
}

interface NameFormProps {
  readonly collection: CollectionDetail;
  readonly onSave: (part: { readonly name: string; readonly description: string }) => void;
  readonly onCancel: () => void;
}

function NameForm({ collection, onSave, onCancel }: NameFormProps) {
  const [name, setName] = useState(collection.name);
  const [description, setDescription] = useState(collection.description ?? '');
  useUnsaved(name !== collection.name || description !== (collection.description ?? ''));
  return (
    <form
      class="inline"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') onSave({ name: name.trim(), description: description.trim() });
      }}
    >
      <input
        aria-label={text.collections.name}
        value={name}
        onInput={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      <input
        aria-label={text.collections.description}
        placeholder={text.collections.description}
        value={description}
        onInput={(event) => {
          setDescription(event.currentTarget.value);
        }}
      />
      <button type="submit" class="primary">
        {text.collections.save}
      </button>
      <button type="button" onClick={onCancel}>
        {text.figure.cancel}
      </button>
    </form>
  );
}
