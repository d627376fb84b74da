import { imageAddress } from '../shared/figure-text';
import { FigureLink } from '../shared/place-link';
import { nameOf } from './figure-card';
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
          <FigureLink figureId={figure.id} title={nameOf(figure)} onOpen={onOpen}>
            <img
              src={imageAddress(figure.id, 192)}
              alt={nameOf(figure)}
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
