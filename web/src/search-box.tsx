import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { upload } from './client';

interface SearchBoxProps {
  readonly text: string;
  /** The field for words. */
  readonly input: RefObject<HTMLInputElement>;
  readonly onSearch: (text: string) => void;
  readonly onImage: (text: string, uploadId: string) => void;
}

/** Takes words, and an image that is dropped, pasted or picked; Enter searches, “/” comes here. */
export function SearchBox({ text, input, onSearch, onImage }: SearchBoxProps) {
  const [draft, setDraft] = useState(text);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    setDraft(text);
  }, [text]);

  const takeImage = (image: Blob | null | undefined): void => {
    if (!image) return;
    setProblem(null);
    upload(image).then(
      (id) => {
        onImage(draft, id);
      },
      (error: unknown) => {
        setProblem(error instanceof Error ? error.message : String(error));
      },
    );
  };
  useDroppedImages(takeImage);
  useSlashKey(input);

  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(input.current?.value ?? '');
      }}
    >
      <input
        ref={input}
        type="search"
        name="q"
        aria-label="Search figures"
        placeholder="Words, or drop an image: blood smear with platelets"
        value={draft}
        onInput={(event) => {
          setDraft(event.currentTarget.value);
        }}
      />
      <label class="pick">
        Image
        <input
          type="file"
          accept="image/jpeg,image/png,image/tiff,image/webp,image/gif,image/avif"
          onChange={(event) => {
            takeImage(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
      </label>
      <button type="submit">Search</button>
      {problem !== null && <p role="alert">{problem}</p>}
    </form>
  );
}

function useDroppedImages(take: (image: Blob | null | undefined) => void): void {
  useEffect(() => {
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      take(event.dataTransfer?.files[0]);
    };
    const over = (event: DragEvent): void => {
      event.preventDefault();
    };
    const paste = (event: ClipboardEvent): void => {
      take([...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith('image/')));
    };
    addEventListener('drop', drop);
    addEventListener('dragover', over);
    addEventListener('paste', paste);
    return () => {
      removeEventListener('drop', drop);
      removeEventListener('dragover', over);
      removeEventListener('paste', paste);
    };
  });
}

function useSlashKey(input: RefObject<HTMLInputElement>): void {
  useEffect(() => {
    const focus = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener('keydown', focus);
    return () => {
      removeEventListener('keydown', focus);
    };
  }, []);
}
