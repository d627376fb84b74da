import type { RefObject } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { PlaceTerm } from '../place';
import { messageOf, upload } from '../shared/server';
import { useKey } from '../shared/keys';
import { text } from '../text';
import { Chip } from './chips';
import { useDroppedImages } from './dropped-images';
import { keepThumbnail } from './upload-thumbnails';

interface SearchBoxProps {
  /** What stands in the field, sent or not. */
  readonly draft: string;
  readonly onDraft: (draft: string) => void;
  readonly terms: readonly PlaceTerm[];
  readonly onTerms: (terms: readonly PlaceTerm[]) => void;
  /** The field for words. */
  readonly input: RefObject<HTMLInputElement>;
  readonly onSearch: () => void;
}

/** One box for words and images: an image is dropped, pasted or picked and becomes a term; Enter searches, “/” comes here. */
export function SearchBox({ draft, onDraft, terms, onTerms, input, onSearch }: SearchBoxProps) {
  const { state, takeImage } = useUpload((id) => {
    // One image of one's own at a time; figures of the corpus come as terms of their own.
    onTerms([...terms.filter(({ kind }) => kind !== 'upload'), { kind: 'upload', value: id, weight: 1 }]);
  });
  const drop = useDroppedImages({
    onImage: takeImage,
    onFigure: (id) => {
      onTerms([...terms.filter(({ value }) => value !== id), { kind: 'figure', value: id, weight: 1 }]);
    },
    onProblem: state.fail,
  });
  useKey('/', () => input.current?.focus());
  const replace = (at: number, term: PlaceTerm | null): void => {
    if (terms[at] === undefined) return;
    onTerms(terms.flatMap((one, i) => (i === at ? (term ?? []) : one)));
    // The button that was pressed goes with its term.
    if (term === null) input.current?.focus();
  };
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch();
      }}
    >
      <div class="search-field">
        {terms.length > 0 && (
          <ul class="terms" aria-label={text.box.terms}>
            {terms.map((term, at) => (
              <Chip
                key={`${term.kind}${term.value}${at}`}
                term={term}
                onChange={(changed) => {
                  replace(at, changed);
                }}
              />
            ))}
          </ul>
        )}
        <input
          ref={input}
          type="search"
          name="q"
          aria-label={text.box.label}
          placeholder={terms.length === 0 ? text.box.placeholder : ''}
          value={draft}
          onInput={(event) => {
            onDraft(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            // Backspace in an empty field removes the last term, as in other fields with chips; held down, it deletes words only.
            if (event.key === 'Backspace' && !event.repeat && draft === '') replace(terms.length - 1, null);
          }}
        />
        <label class="pick" title={text.box.imageHint}>
          {text.box.image}
          <input
            type="file"
            accept="image/jpeg,image/png,image/tiff,image/webp,image/gif,image/avif"
            onChange={(event) => {
              const [file] = event.currentTarget.files ?? [];
              if (file !== undefined) takeImage(file);
              event.currentTarget.value = '';
            }}
          />
        </label>
      </div>
      <button type="submit" class="primary">
        {text.box.submit}
      </button>
      {state.isSending && <p role="status">{text.box.sending}</p>}
      {state.problem !== null && <p role="alert">{state.problem}</p>}
      {drop.isOver && <div class="drop-target">{text.box.drop}</div>}
    </form>
  );
}

/** Sends images; the latest one counts. */
function useUpload(onSent: (id: string) => void) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const latest = useRef<Blob | null>(null);
  const sent = useRef(onSent);
  sent.current = onSent;
  const takeImage = (image: Blob): void => {
    latest.current = image;
    setProblem(null);
    setSending(true);
    upload(image)
      .then(
        async (id) => {
          await keepThumbnail(id, image);
          if (latest.current === image) sent.current(id);
        },
        (error: unknown) => {
          if (latest.current === image) setProblem(messageOf(error));
        },
      )
      .finally(() => {
        if (latest.current === image) setSending(false);
      });
  };
  return { takeImage, state: { problem, isSending, fail: setProblem } };
}
