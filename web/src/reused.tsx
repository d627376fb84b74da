import { reusedPictures } from './client';
import { useLoading } from './load';
import { Strip } from './thumbnail-strip';

interface ReusedProps {
  readonly id: string;
  readonly onOpen: (figureId: string) => void;
}

/** Figures with a changed copy, or a part, of a picture of this figure; nothing where there are none. */
export function Reused({ id, onOpen }: ReusedProps) {
  const found = useLoading(id, (signal) => reusedPictures(id, signal));
  if (found.state !== 'ready' || found.data.length === 0) return null;
  return (
    <>
      <h2>Changed copies, and pictures used in part</h2>
      <Strip figures={found.data} onOpen={onOpen} />
    </>
  );
}
