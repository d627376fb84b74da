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
          <button type="button" title={captionOf(figure)} onClick={() => onOpen(figure.id)}>
            <img
              src={`/images/${encodeURIComponent(figure.id)}?size=192`}
              alt={captionOf(figure)}
              width={Math.round((88 * figure.width) / figure.height)}
              height={88}
              loading="lazy"
            />
          </button>
        </li>
      ))}
    </ul>
  );
}
