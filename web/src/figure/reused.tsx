import { useRef, useState } from 'preact/hooks';
import { useLoading } from '../shared/load';
import { FigureLink } from '../shared/place-link';
import { text } from '../text';
import { Comparison } from './comparison';
import { reusedPictures, type FigureDetail, type Reuse } from './queries';

interface ReusedProps {
  readonly figure: FigureDetail;
  readonly onOpen: (figureId: string) => void;
}

/** Figures with a changed copy, or a part, of a picture of this figure, each to be compared; nothing where there are none. */
export function Reused({ figure, onOpen }: ReusedProps) {
  const found = useLoading(figure.id, (signal) => reusedPictures(figure.id, signal));
  const [compared, setCompared] = useState<Reuse | null>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  if (found.state === 'failed') return <p class="quiet">{text.reused.failed(found.message)}</p>;
  if (found.state !== 'ready' || found.data.length === 0) return null;
  return (
    <>
      <h2>{text.reused.title}</h2>
      <ul class="reused">
        {found.data.map((match) => (
          <li key={match.figure.id}>
            <FigureLink class="cell" figureId={match.figure.id} onOpen={onOpen}>
              <img src={match.figure.imageUrl} alt={match.figure.caption} width={150} height={110} loading="lazy" />
            </FigureLink>
            <span>
              <strong>{changesInWords(match)}</strong>
              <span class="quiet">{[match.figure.article?.title, match.figure.label].filter(Boolean).join(' · ')}</span>
              <button
                type="button"
                onClick={() => {
                  setCompared(match);
                  dialog.current?.showModal();
                }}
              >
                {text.reused.compare}
              </button>
            </span>
          </li>
        ))}
      </ul>
      <dialog ref={dialog} class="comparison" aria-label={text.reused.compareTitle}>
        {compared !== null && <Comparison key={compared.figure.id} figure={figure} match={compared} />}
        <form method="dialog">
          <button type="submit">{text.app.close}</button>
        </form>
      </dialog>
    </>
  );
}

function changesInWords({ changes, similarity }: Reuse): string {
  const words = changes.map((change) => text.reused.changes[change]).join(', ');
  return `${words === '' ? text.reused.unchanged : words} · ${Math.round(100 * similarity)} %`;
}
