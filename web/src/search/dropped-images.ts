import { useEffect, useRef, useState } from 'preact/hooks';
import { figureType } from '../shared/figure-drag';
import { isTyping } from '../shared/keys';
import { text } from '../text';

interface Takers {
  readonly onImage: (image: Blob) => void;
  readonly onFigure: (figureId: string) => void;
  readonly onProblem: (message: string) => void;
}

/** Whether a drag carries what can be searched by; words that are dragged belong to the fields of the page. */
function carriesImage({ dataTransfer }: DragEvent): boolean {
  const types = dataTransfer?.types ?? [];
  return ['Files', figureType, 'text/uri-list'].some((type) => types.includes(type));
}

/** Whether what is pasted is meant for a field, or for an open dialog: office programs add an image to the words that they copy. */
function isForField(event: ClipboardEvent): boolean {
  if (document.querySelector('dialog[open]') !== null) return true;
  return isTyping(event) && event.clipboardData?.types.includes('text/plain') === true;
}

/** Images that are dropped or pasted anywhere on the page: files, figures of this page, images of other pages. */
export function useDroppedImages(takers: Takers): { readonly isOver: boolean } {
  const [isOver, setOver] = useState(false);
  const latest = useRef(takers);
  latest.current = takers;
  useEffect(() => {
    // A drag enters and leaves each element that it passes: the page is left when as many were left as entered.
    let depth = 0;
    const show = (change: number): void => {
      depth = Math.max(0, depth + change);
      setOver(depth > 0);
    };
    const handlers = {
      dragenter: (event: DragEvent) => {
        if (!carriesImage(event)) return;
        event.preventDefault();
        show(1);
      },
      dragover: (event: DragEvent) => {
        if (carriesImage(event)) event.preventDefault();
      },
      dragleave: (event: DragEvent) => {
        if (carriesImage(event)) show(-1);
      },
      drop: (event: DragEvent) => {
        if (!carriesImage(event)) return;
        event.preventDefault();
        show(-depth);
        if (event.dataTransfer !== null) void takeDropped(event.dataTransfer, latest.current);
      },
    };
    const paste = (event: ClipboardEvent): void => {
      const image = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith('image/'));
      if (image !== undefined && !isForField(event)) latest.current.onImage(image);
    };
    for (const [name, handle] of Object.entries(handlers)) addEventListener(name, handle as (event: Event) => void);
    addEventListener('paste', paste);
    return () => {
      for (const [name, handle] of Object.entries(handlers))
        removeEventListener(name, handle as (event: Event) => void);
      removeEventListener('paste', paste);
    };
  }, []);
  return { isOver };
}

/** A figure of this page, else a file, else the address of an image. */
async function takeDropped(data: DataTransfer, { onFigure, onImage, onProblem }: Takers): Promise<void> {
  const figureId = data.getData(figureType);
  if (figureId !== '') {
    onFigure(figureId);
    return;
  }
  // What was dropped can be read only before the first wait.
  const [[file], address] = [data.files, data.getData('text/uri-list')];
  if (file !== undefined) {
    onImage(file);
    return;
  }
  if (address === '') {
    onProblem(text.box.notAnImage);
    return;
  }
  try {
    onImage(await (await fetch(address)).blob());
  } catch {
    // Another site lets no page read its images unless it says so, and neither does the policy of this one.
    onProblem(text.box.notReadable);
  }
}
