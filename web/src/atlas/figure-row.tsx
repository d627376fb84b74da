import { FigureLink } from '../shared/place-link';
import { captionOf } from './figure-card';
import type { AtlasFigure } from './queries';

interface FigureRowProps {
  readonly figures: readonly AtlasFigure[];
  readonly onOpen: (figureId: string) => void;
}

/** Thumbnails that open their figures. */
export function FigureRow({ figures, onOpen }: FigureRowProps) {
  return (
    <ul class="atlas-row">
      {figures.map((figure) => (
        <li key={figure.id}>
          <FigureLink figureId={figure.id} title={captionOf(figure)} onOpen={onOpen}>
            <img
              src={`/images/${encodeURIComponent(figure.id)}?size=192`}
              alt={captionOf(figure)}
              width={Math.round((88 * figure.width) / figure.height)}
              height={88}
              loading="lazy"
            />
          </FigureLink>
        </li>
      ))}
    </ul>
  );
}
