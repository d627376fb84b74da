import { useEffect, useState } from 'preact/hooks';

/** Where the reader is; the address bar holds all of it, so that a link or a reload gives the same page. */
export interface Place {
  readonly text: string;
  /** An uploaded image to search by. */
  readonly uploadId: string | null;
  /** The figure that is open. */
  readonly figureId: string | null;
}

function read(): Place {
  const parameters = new URLSearchParams(location.search);
  return {
    text: parameters.get('q') ?? '',
    uploadId: parameters.get('image'),
    figureId: parameters.get('figure'),
  };
}

function toAddress({ text, uploadId, figureId }: Place): string {
  const parameters = new URLSearchParams();
  if (text !== '') parameters.set('q', text);
  if (uploadId !== null) parameters.set('image', uploadId);
  if (figureId !== null) parameters.set('figure', figureId);
  const query = parameters.toString();
  return query === '' ? '/' : `/?${query}`;
}

/** The place, and the way to go to another one; Back and Forward work. */
export function usePlace(): [Place, (next: Place) => void] {
  const [place, setPlace] = useState(read);
  useEffect(() => {
    const follow = (): void => {
      setPlace(read());
    };
    addEventListener('popstate', follow);
    return () => {
      removeEventListener('popstate', follow);
    };
  }, []);
  return [
    place,
    (next) => {
      history.pushState(null, '', toAddress(next));
      setPlace(next);
      scrollTo(0, 0);
    },
  ];
}
